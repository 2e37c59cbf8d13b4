/**
 * Where the fused decoder's numbers lie: matrices in one buffer, vectors in another, and what a text's threads share in workgroup memory.
 * Offsets go into the kernel as constants; all blocks of a decoder have one layout.
 */
import type { DecoderOptions, WeightStorage } from '../batch.ts';
import { type CapturedPart, type Component, capturedParts } from '../capture.ts';
import type { DecoderSpec } from '../spec.ts';
import type { BlockTensor } from '../weights.ts';
import type { FusedShape } from './shape.ts';

/** Numbers in a word. */
const PACKED: Readonly<Record<WeightStorage, number>> = { f32: 1, f16: 2, bf16: 2, int8: 4 };
/** Loads of one word that a round of a product takes. */
export const ROUND_LOADS = 4;

export interface Packing {
  readonly storage: WeightStorage;
  /** Words and numbers of a load. */
  readonly words: number;
  readonly numbers: number;
  /** Numbers along k that a round of a product takes. */
  readonly round: number;
}

export function packingOf(storage: WeightStorage, { wide }: Pick<FusedShape, 'wide'>): Packing {
  const words = wide ? 4 : 1;
  const numbers = words * PACKED[storage];
  return { storage, words, numbers, round: wide ? numbers : ROUND_LOADS * numbers };
}

/** A matrix [inputs / numbers][outputs][numbers], filled up to whole rounds. */
export interface MatrixPlace {
  /** In loads, from the buffer's or the block's beginning. */
  readonly at: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Rounds of a product. */
  readonly steps: number;
  /** Of its scales among the vectors, where bytes are stored. */
  readonly scales: number;
}

/** Where tensors of a block lie: matrices q, k, v are one, and so are their biases. */
export type BlockMatrix = 'qkv' | 'o' | 'gate' | 'up' | 'down';
export type BlockVector =
  | Exclude<BlockTensor, `${string}.weight`>
  | 'norm1.weight'
  | 'norm2.weight'
  | 'post1.weight'
  | 'post2.weight';

export interface WeightLayout {
  readonly packing: Packing;
  readonly matrices: Readonly<Partial<Record<'embedding' | 'positions' | 'unembedding', MatrixPlace>>>;
  readonly block: Readonly<Partial<Record<BlockMatrix, MatrixPlace>>>;
  /** Loads before the first block, of a block, and of all. */
  readonly blocksAt: number;
  readonly blockLoads: number;
  readonly loads: number;
  /** Of vectors, in numbers; those of a block from its own beginning. */
  readonly vectors: Readonly<Record<'normF.weight' | 'normF.bias' | 'turns' | 'steering', number>>;
  readonly blockVectors: Readonly<Record<string, number>>;
  readonly blockVectorsAt: number;
  readonly blockNumbers: number;
  readonly numbers: number;
}

export function weightLayout(
  spec: DecoderSpec,
  { storage, context, steering }: Pick<DecoderOptions, 'storage' | 'context' | 'steering'>,
  shape: Pick<FusedShape, 'wide'>,
): WeightLayout {
  const { layers, width, heads, kvHeads, head, hidden, vocabulary, positions, norm, mlp, tied, rotary } = spec;
  const packing = packingOf(storage, shape);
  let loads = 0;
  let numbers = 0;
  const vector = (size: number) => {
    const at = numbers;
    numbers += size;
    return at;
  };
  const matrix = (outputs: number, inputs: number): MatrixPlace => {
    const steps = Math.ceil(inputs / packing.round);
    const at = loads;
    loads += (steps * packing.round * outputs) / packing.numbers;
    return { at, inputs, outputs, steps, scales: storage === 'int8' ? vector(outputs) : 0 };
  };
  const matrices = {
    embedding: matrix(vocabulary, width),
    ...(rotary ? {} : { positions: matrix(positions, width) }),
    ...(tied ? {} : { unembedding: matrix(vocabulary, width) }),
  };
  const vectors = {
    'normF.weight': vector(width),
    'normF.bias': norm.kind === 'layer' ? vector(width) : 0,
    turns: rotary ? vector(context * head) : 0,
    steering: steering ? vector(layers * width) : 0,
  };
  const [blocksAt, blockVectorsAt] = [loads, numbers];
  loads = 0;
  numbers = 0;
  const block = {
    qkv: matrix((heads + 2 * kvHeads) * head, width),
    o: matrix(width, heads * head),
    ...(mlp.gated ? { gate: matrix(hidden, width) } : {}),
    up: matrix(hidden, width),
    down: matrix(width, hidden),
  };
  const blockVectors = {
    'norm1.weight': vector(width),
    'norm1.bias': vector(norm.kind === 'layer' ? width : 0),
    'qkv.bias': vector(spec.biases === 'none' ? 0 : (heads + 2 * kvHeads) * head),
    'o.bias': vector(spec.biases === 'all' ? width : 0),
    'post1.weight': vector(norm.post ? width : 0),
    'norm2.weight': vector(width),
    'norm2.bias': vector(norm.kind === 'layer' ? width : 0),
    'up.bias': vector(spec.biases === 'all' ? hidden : 0),
    'down.bias': vector(spec.biases === 'all' ? width : 0),
    'post2.weight': vector(norm.post ? width : 0),
  };
  return {
    packing,
    matrices,
    block,
    blocksAt,
    blockLoads: loads,
    loads: blocksAt + layers * loads,
    vectors,
    blockVectors,
    blockVectorsAt,
    blockNumbers: numbers,
    numbers: blockVectorsAt + layers * numbers,
  };
}

/** Parts of what a text's threads share, in numbers. */
export interface StateLayout {
  readonly parts: Readonly<
    Record<
      | 'stream'
      | 'normed'
      | 'qkv'
      | 'attended'
      | 'added'
      | 'inner'
      | 'scores'
      | 'normSums'
      | 'maxima'
      | 'weights'
      | 'running',
      number
    >
  >;
  readonly size: number;
}

export function stateLayout(spec: DecoderSpec, storage: WeightStorage, shape: FusedShape): StateLayout {
  const { width, heads, kvHeads, head, hidden } = spec;
  const { round } = packingOf(storage, shape);
  let size = 0;
  const part = (numbers: number) => {
    const at = size;
    size += numbers;
    return at;
  };
  const input = (numbers: number) => Math.ceil(numbers / round) * round;
  const parts = {
    stream: part(width),
    normed: part(input(width)),
    qkv: part((heads + 2 * kvHeads) * head),
    attended: part(input(heads * head)),
    added: part(width),
    // Scores are done with when the MLP begins.
    inner: part(Math.max(input(hidden), heads * shape.keys)),
    normSums: part(2 * shape.sharing),
    maxima: part(heads * shape.sharing),
    weights: part(heads * shape.sharing),
    running: part(4 * heads),
  };
  return { parts: { ...parts, scores: parts.inner }, size };
}

/** Where captured components lie in a row; and the row's length, 1 where none are. */
export function captureLayout({ spec, capture }: Pick<DecoderOptions, 'spec' | 'capture'>): {
  readonly at: (component: Component) => number | undefined;
  readonly row: number;
} {
  const { parts, size } = capturedParts(spec, capture.components);
  const at = (component: Component) => parts.find((part: CapturedPart) => part.component === component)?.at;
  return { at, row: Math.max(size, 1) };
}
