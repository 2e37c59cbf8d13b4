/** Batches of cells as the trainer takes them: all data on the device, gathered anew in every step. */
import type { PlannedBuffer } from '../../../gpu/plan.ts';
import type { ScoreNetworkSpec } from '../../../nn/score-network/spec.ts';
import type { BatchSource } from '../../../nn/score-network/training/score-training.ts';
import type { StepKernel } from '../../../nn/training/training.ts';
import type { TokenData } from '../data/types.ts';
import type { CellsRecipe } from './recipe.ts';
import { TRAINING_KEY } from './twin.ts';

/** ε of the log-linear schedule, by which networks with time see σ. */
const EPSILON = 1e-3;
const WORD = 4;
const words = (value: number) => `${value}u`;

/** Bytes, four a word. */
export function packedBytes(bytes: Uint8Array): Uint32Array<ArrayBuffer> {
  const packed = new Uint8Array(WORD * Math.ceil(bytes.length / WORD));
  packed.set(bytes);
  return new Uint32Array(packed.buffer);
}

/** @param order cells to train on @param threads of a workgroup */
export function cellsSource(
  recipe: CellsRecipe,
  spec: ScoreNetworkSpec,
  data: Pick<TokenData, 'tokens' | 'perturbation' | 'cellType'>,
  order: Uint32Array<ArrayBuffer>,
  threads: number,
): BatchSource {
  const { batch, objective, drop, seed } = recipe;
  const { genes, bins } = spec;
  const { perturbation, cellType } = data;
  const contents: Record<string, Uint32Array<ArrayBuffer>> = {
    data: packedBytes(data.tokens),
    order,
    keys: Uint32Array.of(seed >>> 0, TRAINING_KEY, 0, 0),
    ...(perturbation && { perturbations: perturbation.codes }),
    ...(cellType && { cellTypes: cellType.codes }),
  };
  const timed = spec.timeFeatures > 0;
  const shape = { BATCH: words(batch), GENES: words(genes), MASK: words(bins), GATHER_THREADS: words(threads) };
  const workgroups = Math.ceil(batch / threads);
  const sigma: StepKernel['buffers'] = timed ? { 10: 'sigma' } : {};
  const gather: StepKernel = {
    shader: {
      module: 'cells/gather',
      conditions: { timed },
      constants: { ...shape, CELLS: words(order.length), EPSILON: `f32(${EPSILON})` },
    },
    buffers: {
      0: 'data',
      1: 'order',
      2: 'tokens',
      3: 'asked',
      4: 'masked',
      8: 'state',
      ...sigma,
      11: 'keys',
    },
    workgroups,
  };
  const weigh: StepKernel = {
    shader: { module: 'cells/weigh', conditions: { nelbo: objective === 'nelbo' }, constants: shape },
    buffers: { 0: 'tokens', 1: 'masked', 2: 'asked' },
    workgroups,
  };
  const labels = (
    [
      ['perturbation', 'perturbations', spec.perturbations],
      ['cellType', 'cellTypes', spec.cellTypes],
    ] as const
  ).map(([label, all, none], word): [string, StepKernel] => [
    `gather.${label}`,
    {
      shader: {
        module: 'cells/gather_labels',
        constants: {
          BATCH: words(batch),
          CELLS: words(order.length),
          NONE: words(none),
          DROP: `f32(${drop})`,
          WORD: words(word),
          GATHER_THREADS: words(threads),
        },
      },
      buffers: { 0: all, 1: 'order', 2: label, 8: 'state', 11: 'keys' },
      workgroups,
    },
  ]);
  const given = labels.filter(([, { buffers }]) => (buffers[0] as string) in contents);
  const planned = Object.entries(contents).map(
    ([name, { byteLength }]): PlannedBuffer => ({
      name,
      bytes: byteLength,
      role: name === 'keys' ? 'uniform' : 'storage',
      bytesPerItem: 0,
      formula: name === 'data' ? `${data.tokens.length} tokens × 1 B` : `${byteLength / WORD} words × 4 B`,
    }),
  );
  return {
    kernels: { gather, ...Object.fromEntries(given), weigh },
    buffers: [
      ...planned,
      { name: 'masked', bytes: WORD * batch, role: 'storage', bytesPerItem: WORD, formula: 'batch × 4 B' },
    ],
    contents,
  };
}
