/** A step of a score network's training on the device against the f64 twin: loss, and the gradient of every tensor. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import type { Precision } from '../../src/gpu/precision.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { DEFAULT_OPTIMISER } from '../../src/nn/optimiser/adamw.ts';
import type { ScoreNetworkSpec } from '../../src/nn/score-network/spec.ts';
import { ScoreEvaluator } from '../../src/nn/score-network/training/evaluator.ts';
import { scoreTraining } from '../../src/nn/score-network/training/score-training.ts';
import { scoreGradient } from '../../src/nn/score-network/twin-backward.ts';
import { Trainer } from '../../src/nn/training/trainer.ts';
import {
  batchOf,
  batchSource,
  flatWeights,
  parametersOf,
  relativeErrors,
  TENSOR_SIZES,
  TRAINING_SIZES,
  worstOf,
} from './score-batch.ts';

const tiny = { layers: 2, width: 16, heads: 2, genes: 7, bins: 5, perturbations: 3, cellTypes: 2, timeFeatures: 8 };
const specs: readonly ScoreNetworkSpec[] = [
  { ...tiny, variant: 'lockstep' },
  { ...tiny, variant: 'lockstep', timeFeatures: 0, perturbations: 0, cellTypes: 0, genes: 70, bins: 4 },
  { ...tiny, variant: 'origin', heads: 1 },
];

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

async function onDevice(spec: ScoreNetworkSpec, precision: Precision, cells: number) {
  const parameters = parametersOf(spec);
  const batch = batchOf(spec, cells);
  const training = scoreTraining(
    {
      spec,
      precision,
      optimiser: { ...DEFAULT_OPTIMISER, steps: 1 },
      batch: cells,
      seed: 1,
      sizes: TRAINING_SIZES,
      tensorSizes: TENSOR_SIZES,
      weights: flatWeights(spec, parameters),
    },
    batchSource(batch),
  );
  const trainer = await Trainer.open(gpu, training);
  try {
    await trainer.advance(Number.POSITIVE_INFINITY);
    const { losses, lossScale } = await trainer.progress();
    const gradient = (await trainer.gradient()).map((slope) => slope / lossScale);
    const twin = scoreGradient(spec, parameters, batch);
    const errors = relativeErrors(spec, gradient, twin.gradient);
    return { loss: losses[0], twin, errors, gradient };
  } finally {
    trainer.close();
  }
}

describe('the gradient of a step', () => {
  it.each(specs)('is the twin’s: $variant, $genes genes', async (spec) => {
    const { loss, twin, errors } = await onDevice(spec, 'f32', 3);
    // f32 rounds each of some hundred operations in line by 6e-8 of their values; slopes are sums of both signs.
    expect(Math.abs(loss / twin.loss - 1)).toBeLessThan(2e-6);
    expect(errors.size).toBe(twin.gradient.size);
    expect(worstOf(errors)).toSatisfy(([, error]) => error < 2e-5, 'the worst tensor is within 2e-5 of its norm');
  });

  it.each(['f16-storage', 'bf16-storage'] as const)(
    'differs in %s by the rounding of weights and activations',
    async (precision) => {
      const { loss, twin, errors } = await onDevice(specs[0], precision, 3);
      // Weights, q, k, v and hidden units rounded to 11 bits, or to 8.
      const tolerance = precision === 'f16-storage' ? 4e-3 : 3e-2;
      expect(Math.abs(loss / twin.loss - 1)).toBeLessThan(tolerance);
      const [name, error] = worstOf(errors);
      expect(error, name).toBeLessThan(4 * tolerance);
      expect(error, 'rounding is seen').toBeGreaterThan(1e-5);
    },
  );
});

describe('an evaluation of given rows', () => {
  it.each(specs)('is the twin’s, for fewer cells than it has room for: $variant, $genes genes', async (spec) => {
    const parameters = parametersOf(spec);
    const evaluator = await ScoreEvaluator.open(gpu, spec, 'f32', 4, TENSOR_SIZES);
    try {
      evaluator.use(flatWeights(spec, parameters));
      // A full call before: what it leaves behind may not be seen.
      await evaluator.evaluate(batchOf(spec, 4));
      const batch = batchOf(spec, 3);
      const { losses, best } = await evaluator.evaluate(batch);
      const { loss, logits } = scoreGradient(spec, parameters, batch);
      expect(losses).toHaveLength(3);
      expect(Math.abs(losses.reduce((sum, each) => sum + each, 0) / loss - 1)).toBeLessThan(2e-6);
      const outputs = logits.length / best.length;
      for (let row = 0; row < best.length; row++) {
        if (batch.weights[row] === 0) continue;
        const own = logits.slice(row * outputs, row * outputs + spec.bins);
        expect(best[row], `row ${row}`).toBe(own.indexOf(Math.max(...own)));
      }
    } finally {
      evaluator.close();
    }
  });
});
