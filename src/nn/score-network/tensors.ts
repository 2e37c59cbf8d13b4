/**
 * The score network's tensors in one flat vector, and the working copies that its kernels read. Names are those of the origin's checkpoints;
 * matrices lie [in][out], the transpose of what a checkpoint holds, tables of embeddings a row a label.
 */
import type { Precision } from '../../gpu/precision.ts';
import { filled, type Storage, storedBytes, type TensorTable, type WorkingTensor } from '../optimiser/tensor-table.ts';
import {
  CONDITIONS,
  checkScoreSpec,
  EXPANSION,
  labelRows,
  modulations,
  outputsOf,
  type ScoreNetworkSpec,
} from './spec.ts';

/** What a tensor is: only matrices are transposed in files; tables and vectors are as they are. */
export type ScoreTensorKind = 'matrix' | 'table' | 'vector';

export interface ScoreTensor extends WorkingTensor {
  readonly kind: ScoreTensorKind;
}

/** Bytes of a working copy in the buffer of all of them; `offset` a multiple of 256, so that it can be bound alone. */
export interface CopyRange {
  readonly offset: number;
  readonly bytes: number;
}

export interface ScoreTensors {
  readonly tensors: readonly ScoreTensor[];
  readonly table: TensorTable;
  /** Where the copy [in][out] of a tensor lies; throws RangeError for a name that the network does not have. */
  plain(name: string): CopyRange;
  /** Where the transposed copy of a matrix lies; only where they were asked for. */
  transposed(name: string): CopyRange;
}

/** WebGPU lets bindings begin at multiples of this. */
const ALIGNMENT = 256;

interface Named {
  readonly name: string;
  readonly kind: ScoreTensorKind;
  readonly shape: readonly number[];
  /** Half the width in 16-bit precisions; what conditions and the last projection read stays in f32. */
  readonly halved: boolean;
}

/** What score networks are stored and computed in. */
export const SCORE_PRECISIONS = ['f32', 'f16-storage', 'f16', 'bf16-storage'] as const satisfies readonly Precision[];

const STORAGE: Readonly<Partial<Record<Precision, Storage>>> = {
  f32: 'f32',
  'f16-storage': 'f16',
  f16: 'f16',
  'bf16-storage': 'bf16',
} satisfies Record<(typeof SCORE_PRECISIONS)[number], Storage>;

/** Storage of weights, q, k, v and hidden activations in a precision. @throws RangeError for one that they are not stored in */
export function scoreStorage(precision: Precision): Storage {
  const storage = STORAGE[precision];
  if (!storage) throw new RangeError(`Score networks are not stored as ${precision} says.`);
  return storage;
}

/** All tensors in the order of the file. */
function namedTensors(spec: ScoreNetworkSpec): Named[] {
  const { variant, layers, width: d, genes, bins, timeFeatures: f } = spec;
  const lockstep = variant === 'lockstep';
  const matrix = (name: string, rows: number, columns: number, halved = false): Named => ({
    name: `${name}.weight`,
    kind: 'matrix',
    shape: [rows, columns],
    halved,
  });
  const bias = (name: string, columns: number): Named => ({
    name: `${name}.bias`,
    kind: 'vector',
    shape: [columns],
    halved: false,
  });
  const linear = (name: string, rows: number, columns: number, halved = false) => [
    matrix(name, rows, columns, halved),
    bias(name, columns),
  ];
  const table = (name: string, rows: number, halved: boolean): Named => ({
    name: `${name}.weight`,
    kind: 'table',
    shape: [rows, d],
    halved,
  });
  const wide = EXPANSION * d;
  return [
    table('token_embed', bins + 1, true),
    table('gene_embed', genes, true),
    ...(f > 0 ? [...linear('time_embed.1', f, wide), ...linear('time_embed.3', wide, d)] : []),
    ...CONDITIONS.filter(({ count }) => spec[count] > 0).flatMap(({ name, count }) => [
      table(`${name}_embed`, labelRows(spec, spec[count]), false),
      ...linear(`${name}_proj.0`, d, wide),
      ...linear(`${name}_proj.2`, wide, d),
    ]),
    ...Array.from({ length: layers }, (_, layer) => `blocks.${layer}`).flatMap((block) => [
      ...(lockstep
        ? linear(`${block}.ada`, d, modulations(spec) * d)
        : [...linear(`${block}.attn_norm.gamma_beta`, d, 2 * d), ...linear(`${block}.ff_norm.gamma_beta`, d, 2 * d)]),
      matrix(`${block}.attn.qkv`, d, 3 * d, true),
      ...(lockstep ? [bias(`${block}.attn.qkv`, 3 * d)] : []),
      ...linear(`${block}.attn.out_proj`, d, d, true).filter(({ kind }) => lockstep || kind === 'matrix'),
      ...linear(`${block}.ff.net.0`, d, wide, true),
      ...linear(`${block}.ff.net.3`, wide, d, true),
    ]),
    ...linear(lockstep ? 'out_ada' : 'out_norm.gamma_beta', d, 2 * d),
    matrix('out_proj', d, outputsOf(spec)),
    ...(lockstep ? [bias('out_proj', bins)] : []),
  ];
}

/**
 * The tensors with their places. @param transposed also copies [out][in], which the backward pass reads.
 * @throws RangeError as `checkScoreSpec` does
 */
export function scoreTensors(spec: ScoreNetworkSpec, precision: Precision, transposed = false): ScoreTensors {
  checkScoreSpec(spec);
  const half = scoreStorage(precision);
  let size = 0;
  let workingBytes = 0;
  const counted = { full: 0, halved: 0 };
  const copyAt = (count: number, storage: Storage) => {
    const at = workingBytes;
    workingBytes += ALIGNMENT * Math.ceil((count * storedBytes(storage)) / ALIGNMENT);
    return at;
  };
  const tensors = namedTensors(spec).map(({ name, kind, shape, halved }): ScoreTensor => {
    const columns = shape[shape.length - 1];
    const rows = shape.length === 2 ? shape[0] : 1;
    const storage = halved ? half : 'f32';
    const stride = filled(columns);
    const at = size;
    size += rows * stride;
    const copies = transposed && kind === 'matrix' ? 2 : 1;
    counted[halved ? 'halved' : 'full'] += copies * rows * columns;
    return {
      name,
      kind,
      shape,
      at,
      stride,
      storage,
      plain: copyAt(rows * stride, storage),
      ...(copies === 2 ? { transposed: copyAt(columns * filled(rows), storage) } : {}),
    };
  });
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const range = (name: string, copy: 'plain' | 'transposed'): CopyRange => {
    const tensor = byName.get(name);
    const offset = tensor?.[copy];
    if (!tensor || offset === undefined) throw new RangeError(`the network has no ${copy} copy of ${name}`);
    const { shape, stride, storage } = tensor;
    const rows = shape.length === 2 ? shape[0] : 1;
    const count = copy === 'plain' ? rows * stride : shape[shape.length - 1] * filled(rows);
    return { offset, bytes: count * storedBytes(storage) };
  };
  return {
    tensors,
    table: {
      tensors,
      size,
      workingBytes,
      workingFormula: `${counted.halved} weights of blocks and embeddings × ${storedBytes(half)} B, ${counted.full} others × 4 B, each tensor filled to ${ALIGNMENT} B`,
    },
    plain: (name) => range(name, 'plain'),
    transposed: (name) => range(name, 'transposed'),
  };
}
