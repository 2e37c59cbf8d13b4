import { describe, expect, it } from 'vitest';
import { initialScoreNetwork } from './init.ts';
import type { ScoreNetworkSpec } from './spec.ts';
import { scoreTensors } from './tensors.ts';
import { type ScoreBatch, scoreGradient } from './twin-backward.ts';

const tiny = { layers: 2, width: 16, heads: 2, genes: 5, bins: 4, perturbations: 3, cellTypes: 2, timeFeatures: 8 };
const specs: readonly ScoreNetworkSpec[] = [
  { ...tiny, variant: 'lockstep' },
  { ...tiny, variant: 'lockstep', timeFeatures: 0, perturbations: 0 },
  { ...tiny, variant: 'origin' },
];
const cells = 2;
const wave = (i: number) => Math.sin(1.3 * i + 0.4 * ((i * i) % 7));
/** Nothing at zero: gates that are closed would hide what is behind them. */
const parametersOf = (spec: ScoreNetworkSpec) => {
  const start = initialScoreNetwork(spec, 1);
  return new Map(
    scoreTensors(spec, 'f32').tensors.map(({ name, shape, at, stride }, k) => {
      const columns = shape[shape.length - 1];
      const count = shape.reduce((a, b) => a * b, 1);
      const value = (i: number) => start[at + Math.floor(i / columns) * stride + (i % columns)];
      return [name, Float64Array.from({ length: count }, (_, i) => value(i) + 0.3 * wave(i + 31 * k))];
    }),
  );
};
const tokens = [4, 1, 4, 0, 2, 3, 4, 4, 4, 1];
const t = [0.3, 0.8];
const batch: ScoreBatch = {
  cells,
  tokens,
  targets: [2, 1, 3, 0, 2, 3, 0, 0, 1, 1],
  // The NELBO's 1/t, a gene.
  weights: tokens.map((token, i) =>
    token === tiny.bins ? 1 / (t[Math.floor(i / tiny.genes)] * cells * tiny.genes) : 0,
  ),
  sigma: t.map((time) => -Math.log1p(-0.999 * time)),
  perturbation: [2, 0],
  cellType: [0, 1],
};

describe('the gradient of a score network', () => {
  it.each(specs)('agrees with differences of the loss: $variant, $timeFeatures time features', (spec) => {
    const parameters = parametersOf(spec);
    const { gradient } = scoreGradient(spec, parameters, batch);
    expect([...gradient.keys()].sort()).toEqual([...parameters.keys()].sort());
    for (const [name, values] of parameters) {
      // Every tensor along one direction of its own. Central differences of step h err by h²; rounding adds 1e-16 / h.
      const h = 1e-5;
      const direction = values.map((_, i) => wave(3 * i + 1));
      const loss = (sign: number) =>
        scoreGradient(spec, new Map([...parameters, [name, values.map((v, i) => v + sign * h * direction[i])]]), batch)
          .loss;
      const slope = gradient.get(name)!.reduce((sum, g, i) => sum + g * direction[i], 0);
      const size = Math.hypot(...gradient.get(name)!) * Math.hypot(...direction);
      expect(Math.abs((loss(1) - loss(-1)) / (2 * h) - slope), name).toBeLessThan(1e-7 * size + 1e-10);
    }
  });

  it('names what is missing', () => {
    const [spec] = specs;
    const parameters = parametersOf(spec);
    expect(() => scoreGradient(spec, new Map([...parameters].slice(1)), batch)).toThrow('token_embed.weight');
    expect(() => scoreGradient(spec, parameters, { ...batch, sigma: undefined })).toThrow('time');
  });
});
