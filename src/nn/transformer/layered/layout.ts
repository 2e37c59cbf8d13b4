/** Where the weights of the layered decoder lie on the device: matrices in blocks of columns, cut where a binding ends, and vectors. */
import type { DecoderOptions, WeightStorage } from '../batch.ts';
import type { DecoderSpec } from '../spec.ts';
import { bytesOfFour } from '../storage.ts';
import type { BlockTensor } from '../weights.ts';
import { blockColumns, type LayeredShape } from './shape.ts';

/** Blocks [first, first + blocks) of a matrix in a buffer. */
export interface MatrixPart {
  readonly buffer: string;
  readonly first: number;
  readonly blocks: number;
  readonly bytes: number;
}

/** A weight whose columns, in the words of the kernels, are its outputs. */
export interface Matrix {
  readonly name: string;
  /** Columns that mean something. */
  readonly outs: number;
  /** Inputs in fours. */
  readonly inner4: number;
  readonly parts: readonly MatrixPart[];
}

/** How rows of a tensor become columns of a matrix: offset + stride · place, heads filled up, pairs of halves made neighbours. */
export interface Placing {
  readonly offset: number;
  readonly stride: number;
  /** Rows of a head and columns they are filled up to; of a matrix without heads all rows. */
  readonly head: number;
  readonly padded: number;
  /** Half of a head where number i and i + half become neighbours; else 0. */
  readonly half: number;
}

export function placeOfRow(row: number, { offset, stride, head, padded, half }: Placing): number {
  const i = row % head;
  const place = half === 0 ? i : i < half ? 2 * i : 2 * (i - half) + 1;
  return offset + stride * (Math.floor(row / head) * padded + place);
}

export const fours = (numbers: number) => Math.ceil(numbers / 4);

/** Sizes that follow from a spec, numbers in fours. */
export function decoderSizes(spec: DecoderSpec) {
  const head4 = fours(spec.head);
  return {
    width4: fours(spec.width),
    hidden4: fours(spec.hidden),
    head4,
    q4: spec.heads * head4,
    kv4: spec.kvHeads * head4,
  };
}

export function matrix(
  name: string,
  outs: number,
  inner4: number,
  storage: WeightStorage,
  shape: LayeredShape,
): Matrix {
  const columns = blockColumns(shape);
  const blocks = Math.ceil(outs / columns);
  const scales = storage === 'int8' ? 4 * columns : 0;
  const blockBytes = columns * inner4 * bytesOfFour(storage) + scales;
  const most = Math.max(1, Math.floor(shape.bindingBytes / blockBytes));
  const cuts = Math.ceil(blocks / most);
  const parts = Array.from({ length: cuts }, (_, i) => {
    const first = Math.floor((i * blocks) / cuts);
    const own = Math.floor(((i + 1) * blocks) / cuts) - first;
    return { buffer: cuts === 1 ? name : `${name}.${i}`, first, blocks: own, bytes: own * blockBytes };
  });
  return { name, outs, inner4, parts };
}

export type BlockMatrix = 'qkv' | 'o' | 'up' | 'down';

export interface BlockLayout {
  readonly matrices: Readonly<Record<BlockMatrix, Matrix>>;
  readonly vectors: string;
}

/** Where vectors of a block lie, in numbers, behind four that hold its number; multiples of 4. */
export function vectorPlaces(spec: DecoderSpec) {
  const { width4, hidden4, q4, kv4 } = decoderSizes(spec);
  let size = 4;
  const take = (numbers4: number, there = true) => {
    const at = size;
    if (there) size += 4 * numbers4;
    return at;
  };
  const layer = spec.norm.kind === 'layer';
  const all = spec.biases === 'all';
  return {
    norm1: take(width4),
    norm1Bias: take(width4, layer),
    qkvBias: take(q4 + 2 * kv4, spec.biases !== 'none'),
    oBias: take(width4, all),
    post1: take(width4, spec.norm.post),
    norm2: take(width4),
    norm2Bias: take(width4, layer),
    upBias: take(spec.mlp.gated ? 2 * hidden4 : hidden4, all),
    downBias: take(width4, all),
    post2: take(width4, spec.norm.post),
    size,
  };
}

/** The same of the norm before the logits. */
export function finalPlaces(spec: DecoderSpec) {
  const { width4 } = decoderSizes(spec);
  return { norm: 4, bias: 4 + 4 * width4, size: 4 + 8 * width4 };
}

export interface LayeredLayout {
  readonly embedding: Matrix;
  /** The embedding itself where it is tied. */
  readonly unembedding: Matrix;
  readonly blocks: readonly BlockLayout[];
}

export function layeredLayout({ spec, storage }: DecoderOptions, shape: LayeredShape): LayeredLayout {
  const { width4, hidden4, q4, kv4 } = decoderSizes(spec);
  const of = (name: string, outs: number, inner4: number) => matrix(name, outs, inner4, storage, shape);
  const embedding = of('embedding', spec.vocabulary, width4);
  return {
    embedding,
    unembedding: spec.tied ? embedding : of('unembedding', spec.vocabulary, width4),
    blocks: Array.from({ length: spec.layers }, (_, layer) => ({
      matrices: {
        qkv: of(`block.${layer}.qkv`, 4 * (q4 + 2 * kv4), width4),
        o: of(`block.${layer}.o`, spec.width, q4),
        up: of(`block.${layer}.up`, (spec.mlp.gated ? 2 : 1) * spec.hidden, width4),
        down: of(`block.${layer}.down`, spec.width, hidden4),
      },
      vectors: `block.${layer}.vectors`,
    })),
  };
}

/** Which matrix of a block a tensor's rows go to, and where. */
export function placingOf(
  spec: DecoderSpec,
  tensor: BlockTensor,
): { readonly matrix: BlockMatrix; readonly placing: Placing } | undefined {
  const { head4, q4, kv4 } = decoderSizes(spec);
  const half = spec.rotary ? spec.head / 2 : 0;
  const heads = (offset: number, halves: number): Placing => ({
    offset: 4 * offset,
    stride: 1,
    head: spec.head,
    padded: 4 * head4,
    half: halves,
  });
  const plain = (rows: number, offset = 0, stride = 1): Placing => ({
    offset,
    stride,
    head: rows,
    padded: rows,
    half: 0,
  });
  switch (tensor) {
    case 'q.weight':
      return { matrix: 'qkv', placing: heads(0, half) };
    case 'k.weight':
      return { matrix: 'qkv', placing: heads(q4, half) };
    case 'v.weight':
      return { matrix: 'qkv', placing: heads(q4 + kv4, 0) };
    case 'o.weight':
      return { matrix: 'o', placing: plain(spec.width) };
    case 'gate.weight':
      return { matrix: 'up', placing: plain(spec.hidden, 0, 2) };
    case 'up.weight':
      return { matrix: 'up', placing: spec.mlp.gated ? plain(spec.hidden, 1, 2) : plain(spec.hidden) };
    case 'down.weight':
      return { matrix: 'down', placing: plain(spec.width) };
    default:
      return undefined;
  }
}
