/**
 * Gradients and five steps of AdamW of both variants against a reference in f64 by PyTorch. It lies outside of the project: LOCKSTEP_SHARED names
 * the folder that holds data/cells/forward-lockstep and data/cells/forward-origin; without it there is nothing to compare with.
 */
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeNpy } from '../../src/bundle/npy.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { DEFAULT_OPTIMISER } from '../../src/nn/optimiser/adamw.ts';
import { decodeScoreNetwork } from '../../src/nn/score-network/safetensors.ts';
import type { ScoreNetworkSpec, ScoreVariant } from '../../src/nn/score-network/spec.ts';
import { scoreTensors } from '../../src/nn/score-network/tensors.ts';
import { scoreTraining } from '../../src/nn/score-network/training/score-training.ts';
import { scoreGradient } from '../../src/nn/score-network/twin-backward.ts';
import { Trainer } from '../../src/nn/training/trainer.ts';
import { batchSource, relativeErrors, TENSOR_SIZES, TRAINING_SIZES, worstOf } from './score-batch.ts';

const SHARED = process.env.LOCKSTEP_SHARED;
/** Of the reference's AdamW: constant rate, decay of everything, clipped to 1. */
const ADAMW = {
  ...DEFAULT_OPTIMISER,
  rate: 1e-3,
  floor: 1,
  warmup: 0,
  steps: 6,
  decay: 0.01,
  clip: 1,
};

interface Reference {
  readonly spec: ScoreNetworkSpec;
  readonly weights: Float32Array<ArrayBuffer>;
  readonly array: (name: string) => number[];
  readonly gradients: ReadonlyMap<string, Float64Array>;
  readonly losses: { readonly ce_masked_mean: number; readonly nelbo: number };
  readonly adamw: readonly number[];
}

function readReference(variant: ScoreVariant): Reference {
  const folder = `${SHARED}/data/cells/forward-${variant}`;
  const told = JSON.parse(readFileSync(`${folder}/reference.json`, 'utf8'));
  const { spec, weights } = decodeScoreNetwork(
    `${variant}.safetensors`,
    new Uint8Array(readFileSync(`${folder}/weights.safetensors`)),
    { heads: told.config.heads },
  );
  const arrays = unzipSync(new Uint8Array(readFileSync(`${folder}/reference.npz`)));
  const array = (name: string) => Array.from(decodeNpy(name, arrays[`${name}.npy`]).data, Number);
  const gradients = new Map(
    scoreTensors(spec, 'f32').tensors.map(({ name, kind, shape }) => {
      const values = array(`grad/${name}`);
      const [rows, columns] = shape;
      const turned = (_: unknown, i: number) => values[(i % columns) * rows + Math.floor(i / columns)];
      return [name, Float64Array.from(kind === 'matrix' ? values.map(turned) : values)];
    }),
  );
  return { spec, weights, array, gradients, losses: told.losses, adamw: told.adamw_losses };
}

function batchOf({ spec, array }: Reference, objective: 'masked-mean' | 'nelbo') {
  const tokens = array('xt');
  const t = array('t');
  const masked = tokens.map((token) => (token === spec.bins ? 1 : 0));
  const count = masked.reduce((sum: number, each) => sum + each, 0);
  const weight = (row: number) =>
    objective === 'nelbo' ? 1 / (t[Math.floor(row / spec.genes)] * tokens.length) : 1 / count;
  return {
    cells: t.length,
    tokens,
    targets: array('x0'),
    weights: masked.map((there, row) => there * weight(row)),
    sigma: array('sigma'),
    perturbation: array('perturbation'),
    cellType: array('cell_type'),
  };
}

describe.runIf(SHARED)('the reference', () => {
  let gpu: GpuContext;
  beforeAll(async () => {
    gpu = await openTestContext();
  });
  afterAll(closeTestContexts);

  it.each(['lockstep', 'origin'] as const)('of the %s variant', async (variant) => {
    const reference = readReference(variant);
    const { spec, weights, gradients, losses, adamw } = reference;
    const parameters = new Map(
      scoreTensors(spec, 'f32').tensors.map(({ name, shape, at, stride }) => {
        const columns = shape[shape.length - 1];
        const count = shape.reduce((a, b) => a * b, 1);
        const value = (_: unknown, i: number) => weights[at + Math.floor(i / columns) * stride + (i % columns)];
        return [name, Float64Array.from({ length: count }, value)];
      }),
    );
    const batch = batchOf(reference, 'masked-mean');
    const twin = scoreGradient(spec, parameters, batch);
    const errorOfTwin = (name: string) => {
      const expected = gradients.get(name)!;
      const away = twin.gradient.get(name)!.map((slope, i) => slope - expected[i]);
      return Math.hypot(...away) / Math.hypot(...expected);
    };
    const twinWorst = worstOf(new Map([...gradients.keys()].map((name) => [name, errorOfTwin(name)])));
    const nelbo = scoreGradient(spec, parameters, batchOf(reference, 'nelbo')).loss;
    expect(Math.abs(twin.loss - losses.ce_masked_mean)).toBeLessThan(1e-13);
    expect(Math.abs(nelbo - losses.nelbo)).toBeLessThan(1e-13);
    expect(twinWorst[1], twinWorst[0]).toBeLessThan(1e-13);

    const training = scoreTraining(
      {
        spec,
        precision: 'f32',
        optimiser: ADAMW,
        batch: batch.cells,
        seed: 1,
        sizes: TRAINING_SIZES,
        tensorSizes: TENSOR_SIZES,
        weights,
      },
      batchSource(batch),
    );
    const trainer = await Trainer.open(gpu, training);
    try {
      await trainer.advance(Number.POSITIVE_INFINITY, 1);
      const errors = relativeErrors(spec, await trainer.gradient(), gradients);
      const worst = worstOf(errors);
      await trainer.advance(Number.POSITIVE_INFINITY);
      const found = [...(await trainer.progress()).losses];
      const away = Math.max(...found.map((loss, step) => Math.abs(loss / adamw[step] - 1)));
      console.log(
        `${variant}: twin's gradient ${twinWorst[1].toExponential(1)} (${twinWorst[0]}); device's ${worst[1].toExponential(1)} (${worst[0]}); losses of AdamW within ${away.toExponential(1)} (${found.map((loss) => loss.toFixed(6)).join(', ')})`,
      );
      expect(worst[1], worst[0]).toBeLessThan(2e-5);
      // 1 − 0.999ⁿ, which corrects the second moment's bias, is right to 6e-5 in f32: the first steps are longer or shorter by half of that.
      expect(away).toBeLessThan(3e-5);
    } finally {
      trainer.close();
    }
  });
});
