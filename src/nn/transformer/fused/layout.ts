/**
 * Where the fused decoder's numbers lie: matrices in one buffer, vectors in another, and what a text's threads share in workgroup memory.
 * Offsets go into the kernel as constants; all blocks of a decoder have one layout.
 */
import type { DecoderOptions, WeightStorage } from '../batch.ts';
import type { DecoderSpec } from '../spec.ts';
import type { FusedShape } from './shape.ts';

/** Numbers in a word. */
const PACKED: Readonly<Record<WeightStorage, number>> = { f32: 1, f16: 2, bf16: 2, int8: 4 };
/** Words of a load along k. */
const LOAD_WORDS = 4;

/**
 * How weights lie. `inputs`: a load holds numbers of one output along k, [inputs / numbers][outputs][numbers]. `outputs`: numbers of four outputs
 * at one k, [inputs][outputs / 4][4]; heads are filled up to fours there.
 */
export interface Packing {
  readonly along: 'inputs' | 'outputs';
  readonly storage: WeightStorage;
  /** Words and numbers of a load. */
  readonly words: number;
  readonly numbers: number;
  /** Numbers along k that a round of a product takes. */
  readonly round: number;
  /** Numbers of a head, filled up. */
  readonly head: number;
  /** Fours of outputs of a block. */
  readonly block4: number;
}

export const fours = (count: number) => 4 * Math.ceil(count / 4);

export function packingOf(storage: WeightStorage, head: number, { own }: Pick<FusedShape, 'own'>): Packing {
  const packed = PACKED[storage];
  if (own)
    return {
      along: 'outputs',
      storage,
      words: 4 / packed,
      numbers: 4,
      round: 4,
      head: fours(head),
      block4: own.block4,
    };
  const numbers = LOAD_WORDS * packed;
  return { along: 'inputs', storage, words: LOAD_WORDS, numbers, round: numbers, head, block4: 0 };
}

export interface MatrixPlace {
  /** In loads, from the buffer's or the block's beginning. */
  readonly at: number;
  /** Along k, as a tensor has them. */
  readonly inputs: number;
  /** Loads from one round of k (`inputs`), or from one k (`outputs`), to the next. */
  readonly stride: number;
  /** Rounds of a product. */
  readonly steps: number;
  /** Of its scales among the vectors, where bytes are stored. */
  readonly scales: number;
}

/** Matrices of a block: q, k and v are one. */
export type BlockMatrix = 'qkv' | 'o' | 'gate' | 'up' | 'down';

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
  shape: Pick<FusedShape, 'own'>,
): WeightLayout {
  const { layers, width, heads, kvHeads, head, hidden, vocabulary, positions, norm, mlp, tied, rotary } = spec;
  const packing = packingOf(storage, spec.head, shape);
  const along4 = packing.along === 'outputs';
  let loads = 0;
  let numbers = 0;
  const filled = (outputs: number) =>
    along4 ? 4 * packing.block4 * Math.ceil(outputs / (4 * packing.block4)) : outputs;
  const vector = (size: number) => {
    const at = numbers;
    numbers += along4 ? filled(size) : size;
    return at;
  };
  const matrix = (outputs: number, inputs: number, own = inputs): MatrixPlace => {
    const steps = Math.ceil(inputs / packing.round);
    const stride = along4 ? filled(outputs) / 4 : outputs;
    const at = loads;
    loads += along4 ? 4 * steps * stride : (steps * packing.round * outputs) / packing.numbers;
    return { at, inputs: own, stride, steps, scales: storage === 'int8' ? vector(outputs) : 0 };
  };
  const headOutputs = (heads + 2 * kvHeads) * packing.head;
  const matrices = {
    embedding: matrix(vocabulary, width),
    ...(rotary ? {} : { positions: matrix(positions, width) }),
    ...(tied ? {} : { unembedding: matrix(vocabulary, width) }),
  };
  const vectors = {
    'normF.weight': vector(width),
    'normF.bias': norm.kind === 'layer' ? vector(width) : 0,
    turns: rotary ? vector(context * head) : 0,
    steering: steering ? vector(layers * steeringRow(spec, shape)) : 0,
  };
  const [blocksAt, blockVectorsAt] = [loads, numbers];
  loads = 0;
  numbers = 0;
  const block = {
    qkv: matrix(headOutputs, width),
    o: matrix(width, heads * packing.head, heads * head),
    ...(mlp.gated ? { gate: matrix(hidden, width) } : {}),
    up: matrix(hidden, width),
    down: matrix(width, hidden),
  };
  const blockVectors = {
    'norm1.weight': vector(width),
    'norm1.bias': vector(norm.kind === 'layer' ? width : 0),
    'qkv.bias': vector(spec.biases === 'none' ? 0 : headOutputs),
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

/** Numbers from a block's vector to steer by to the next's. */
export const steeringRow = ({ width }: DecoderSpec, { own }: Pick<FusedShape, 'own'>) => (own ? fours(width) : width);
