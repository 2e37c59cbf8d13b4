import { describe, expect, it } from 'vitest';
import { initialMlp } from './mlp/init.ts';
import { ACTIVATIONS, type MlpSpec, mlpLayout } from './mlp.ts';
import { mlpBackward, mlpForward } from './mlp-twin.ts';

/**
 * Central differences err by h²/6 of the third derivative and by the rounding of the loss over h: about 1e-10 at h = 1e-5, of slopes of size 1.
 * ReLU has no slope at 0, which none of these sums is near.
 */
const STEP = 1e-5;
const TOLERANCE = 1e-8;

const inputs = [0.3, -1.2, 0.7, 0.05, -0.4];
const targets = [0.5, -0.25, 1.5];

function lossOf(spec: MlpSpec, weights: ArrayLike<number>): number {
  const { output } = mlpForward(spec, weights, inputs);
  return targets.reduce((sum, target, i) => sum + (output[i] - target) ** 2, 0);
}

describe.each(ACTIVATIONS)('the f64 twin with %s', (activation) => {
  const spec: MlpSpec = { inputs: inputs.length, outputs: targets.length, width: 8, depth: 3, activation };
  const { size } = mlpLayout(spec);
  // The output layer starts at zero, where slopes by everything before it vanish.
  const weights = Float64Array.from(initialMlp(spec, 3), (w, i) => w + 0.3 * Math.sin(1 + i));

  it('has the slopes of its loss by every weight and bias, as central differences find them', () => {
    const trace = mlpForward(spec, weights, inputs);
    const gradient = new Float64Array(size);
    mlpBackward(
      spec,
      weights,
      trace,
      trace.output.map((y, i) => 2 * (y - targets[i])),
      gradient,
    );
    const length = Math.hypot(...gradient);
    expect(length).toBeGreaterThan(1);
    for (let i = 0; i < size; i++) {
      const moved = (by: number) => lossOf(spec, weights.with(i, weights[i] + by));
      const slope = (moved(STEP) - moved(-STEP)) / (2 * STEP);
      expect(Math.abs(gradient[i] - slope)).toBeLessThan(TOLERANCE * length);
    }
  });
});
