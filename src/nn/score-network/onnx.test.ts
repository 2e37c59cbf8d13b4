import { describe, expect, it } from 'vitest';
import { loadOnnxRuntime } from '../onnx-runtime.ts';
import { initialScoreNetwork } from './init.ts';
import { SCORE_OUTPUT, scoreNetworkOnnx } from './onnx.ts';
import { outputsOf, type ScoreNetworkSpec, timeFeatures } from './spec.ts';
import { parametersOf, scoreForward } from './twin.ts';

const shape = { layers: 2, width: 32, heads: 4, genes: 24, bins: 16 };
const bare: ScoreNetworkSpec = { variant: 'lockstep', ...shape, perturbations: 0, cellTypes: 0, timeFeatures: 0 };
const networks: [string, ScoreNetworkSpec][] = [
  ['lockstep, no time, no labels', bare],
  ['lockstep, labels', { ...bare, perturbations: 5, cellTypes: 3 }],
  ['lockstep, time and labels', { ...bare, perturbations: 5, cellTypes: 3, timeFeatures: 16 }],
  ['lockstep, one block', { ...bare, layers: 1, cellTypes: 2 }],
  ['origin, time', { ...bare, variant: 'origin', timeFeatures: 16 }],
  ['origin, time and labels', { ...bare, variant: 'origin', perturbations: 5, cellTypes: 3, timeFeatures: 16 }],
];

/** Weights of natural size everywhere: a network that starts to learn is the identity. */
function weightsOf(spec: ScoreNetworkSpec): Float32Array {
  return initialScoreNetwork(spec, 5).map((value, i) => value + 0.1 * Math.sin(1.7 * i));
}

async function logitsOf(spec: ScoreNetworkSpec, weights: Float32Array, rows: readonly number[], cell: Cell) {
  const ort = await loadOnnxRuntime();
  const session = await ort.InferenceSession.create(scoreNetworkOnnx(spec, weights));
  const whole = (values: ArrayLike<number>) => new ort.Tensor('int32', Int32Array.from(values), [values.length]);
  const { perturbations, cellTypes, timeFeatures: features } = spec;
  const found = await session.run({
    tokens: whole(cell.tokens),
    rows: whole(rows),
    ...(features > 0 && {
      time: new ort.Tensor('float32', Float32Array.from(timeFeatures(spec, cell.sigma)), [1, features]),
    }),
    ...(perturbations > 0 && { perturbation: whole([cell.perturbation]) }),
    ...(cellTypes > 0 && { cellType: whole([cell.cellType]) }),
  });
  const values = Float32Array.from(found[SCORE_OUTPUT].data as Float32Array);
  await session.release();
  return values;
}

interface Cell {
  readonly tokens: readonly number[];
  readonly sigma: number;
  readonly perturbation: number;
  readonly cellType: number;
}
const cell: Cell = {
  tokens: Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 16 : (7 * i) % 16)),
  sigma: 0.8,
  perturbation: 3,
  cellType: 2,
};

const rms = (values: ArrayLike<number>) =>
  Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length);

describe('the score network in ONNX', () => {
  // 2e-6 of their size, as for the kernels: f32 keeps 6e-8, and some ten operations in a row round.
  it.each(networks)('has the logits of the f64 twin: %s', async (_, spec) => {
    const weights = weightsOf(spec);
    const outputs = outputsOf(spec);
    const { logits } = scoreForward(spec, parametersOf(spec, weights), {
      cells: 1,
      tokens: cell.tokens,
      sigma: [cell.sigma],
      perturbation: [cell.perturbation],
      cellType: [cell.cellType],
    });
    const all = Array.from({ length: spec.genes }, (_, gene) => gene);
    for (const rows of [all, [5], [23, 0, 7]]) {
      const expected = rows.flatMap((row) => [...logits.subarray(row * outputs, (row + 1) * outputs)]);
      const found = await logitsOf(spec, weights, rows, cell);
      expect(found).toHaveLength(expected.length);
      const worst = Math.max(...expected.map((value, i) => Math.abs(found[i] - value)));
      expect(worst / rms(logits)).toBeLessThan(2e-6);
      expect(worst).toBeGreaterThan(0);
    }
  });
});
