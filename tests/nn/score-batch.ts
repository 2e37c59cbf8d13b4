/** Small batches for score networks, weights without zeros, and what compares flat gradients with the twin's. */

import { initialScoreNetwork } from '../../src/nn/score-network/init.ts';
import { labelRows, type ScoreNetworkSpec } from '../../src/nn/score-network/spec.ts';
import { scoreTensors } from '../../src/nn/score-network/tensors.ts';
import type { BatchSource } from '../../src/nn/score-network/training/score-training.ts';
import type { Parameters, ScoreBatch } from '../../src/nn/score-network/twin-backward.ts';
import type { TensorSizes } from '../../src/nn/tensor/kernels.ts';
import { askedWords } from '../../src/nn/tensor/loss-kernels.ts';
import type { TrainingSizes } from '../../src/nn/training/training.ts';

/** Blocks that no shape of the tests fills, and sums in several parts. */
export const TENSOR_SIZES: TensorSizes = {
  linearRows: 4,
  linearQuads: 3,
  gradientInputs: 2,
  gradientOutputs: 3,
  gradientParts: 3,
  queries: 2,
  threads: 8,
};
export const TRAINING_SIZES: TrainingSizes = { normParts: 3, updateThreads: 8, lossHistory: 16, submitsInFlight: 1 };

const wave = (i: number) => Math.sin(1.3 * i + 0.4 * ((i * i) % 7));

/** Starting weights with nothing at zero: closed gates would hide what is behind them. */
export function parametersOf(spec: ScoreNetworkSpec): Parameters {
  const start = initialScoreNetwork(spec, 1);
  return new Map(
    scoreTensors(spec, 'f32').tensors.map(({ name, shape, at, stride }, k) => {
      const columns = shape[shape.length - 1];
      const count = shape.reduce((a, b) => a * b, 1);
      const value = (i: number) => start[at + Math.floor(i / columns) * stride + (i % columns)];
      return [name, Float64Array.from({ length: count }, (_, i) => Math.fround(value(i) + 0.3 * wave(i + 31 * k)))];
    }),
  );
}

/** The flat vector of parameters by name. */
export function flatWeights(spec: ScoreNetworkSpec, parameters: Parameters): Float32Array<ArrayBuffer> {
  const { tensors, table } = scoreTensors(spec, 'f32');
  const flat = new Float32Array(table.size);
  for (const { name, shape, at, stride } of tensors) {
    const columns = shape[shape.length - 1];
    const values = parameters.get(name)!;
    for (let i = 0; i < values.length; i++) flat[at + Math.floor(i / columns) * stride + (i % columns)] = values[i];
  }
  return flat;
}

export function batchOf(spec: ScoreNetworkSpec, cells: number): ScoreBatch {
  const rows = cells * spec.genes;
  const targets = Array.from({ length: rows }, (_, i) => (5 * i + (i >> 2)) % spec.bins);
  const masked = targets.map((_, i) => (i * i) % 5 < 2);
  const t = Array.from({ length: cells }, (_, cell) => (cell + 0.5) / cells);
  return {
    cells,
    tokens: targets.map((token, i) => (masked[i] ? spec.bins : token)),
    targets,
    weights: masked.map((there, i) => (there ? Math.fround(1 / (t[Math.floor(i / spec.genes)] * rows)) : 0)),
    ...(spec.timeFeatures > 0 ? { sigma: t.map((time) => Math.fround(-Math.log1p(-0.999 * time))) } : {}),
    ...(spec.perturbations > 0 ? { perturbation: t.map((_, c) => (2 * c) % labelRows(spec, spec.perturbations)) } : {}),
    ...(spec.cellTypes > 0 ? { cellType: t.map((_, c) => c % labelRows(spec, spec.cellTypes)) } : {}),
  };
}

/** The same batch in every step. */
export function batchSource({ tokens, targets, weights, sigma, perturbation, cellType }: ScoreBatch): BatchSource {
  return {
    kernels: {},
    buffers: [],
    contents: {
      tokens: Uint32Array.from(tokens),
      asked: askedWords(targets, weights),
      ...(sigma ? { sigma: Float32Array.from(sigma) } : {}),
      ...(perturbation ? { perturbation: Uint32Array.from(perturbation) } : {}),
      ...(cellType ? { cellType: Uint32Array.from(cellType) } : {}),
    },
  };
}

/** |found − expected| / |expected| of every tensor; throws where something was written between tensors. */
export function relativeErrors(
  spec: ScoreNetworkSpec,
  flat: Float32Array,
  expected: ReadonlyMap<string, Float64Array>,
): Map<string, number> {
  const left = flat.slice();
  const errors = new Map<string, number>();
  for (const { name, shape, at, stride } of scoreTensors(spec, 'f32').tensors) {
    const columns = shape[shape.length - 1];
    const values = expected.get(name);
    if (!values) continue;
    let [squares, norm] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      const place = at + Math.floor(i / columns) * stride + (i % columns);
      squares += (flat[place] - values[i]) ** 2;
      norm += values[i] ** 2;
      left[place] = 0;
    }
    errors.set(name, Math.sqrt(squares / norm));
  }
  if (left.some((value) => value !== 0)) throw new Error('something was written between the tensors');
  return errors;
}

export function worstOf(errors: ReadonlyMap<string, number>): readonly [string, number] {
  // NaN is worse than anything.
  return [...errors].reduce((worst, each) => (each[1] <= worst[1] ? worst : each));
}
