/** Lays a decoder's weights down as its fused kernel reads them. */
import { toBfloat } from '../../bfloat.ts';
import { toHalf } from '../../half.ts';
import type { DecoderOptions } from '../batch.ts';
import { rotaryTurns } from '../rotary.ts';
import type { DecoderSpec } from '../spec.ts';
import { int8Scale, toInt8 } from '../storage.ts';
import type { WeightPiece, WeightSource } from '../weights.ts';
import { type MatrixPlace, type Packing, type WeightLayout, weightLayout } from './layout.ts';
import type { FusedShape } from './shape.ts';

export interface FusedWeights {
  readonly layout: WeightLayout;
  readonly matrices: Uint32Array<ArrayBuffer>;
  readonly vectors: Float32Array<ArrayBuffer>;
}

/** A matrix of the layout, the loads before it, the numbers before its scales, and which of its outputs a tensor's first row is. */
interface Target {
  readonly matrix: MatrixPlace;
  readonly loads: number;
  readonly numbers: number;
  readonly output: number;
}

/** Reads every weight in pieces. @throws FileError, AbortError */
export async function fusedWeights(
  source: WeightSource,
  options: DecoderOptions,
  shape: FusedShape,
  pieceBytes: number,
  signal?: AbortSignal,
): Promise<FusedWeights> {
  const { spec } = options;
  const layout = weightLayout(spec, options, shape);
  const matrices = new Uint32Array(layout.loads * layout.packing.words);
  const vectors = new Float32Array(layout.numbers);
  if (spec.rotary) vectors.set(rotaryTurns(spec, options.context), layout.vectors.turns);
  for await (const piece of source.pieces(pieceBytes, signal)) {
    if (piece.tensor.shape.length === 2)
      putRows(matrices, vectors, spec, layout.packing, matrixOf(layout, spec, piece), piece);
    else putVector(vectors, layout, spec, piece);
  }
  return { layout, matrices, vectors };
}

const split = (name: string): readonly [block: number | undefined, own: string] => {
  const found = /^blocks\.(\d+)\.(.+)$/.exec(name);
  return found ? [Number(found[1]), found[2]] : [undefined, name];
};

/** Outputs of q, k and v are one matrix. */
const outputsBefore = ({ heads, kvHeads, head }: DecoderSpec, own: string) =>
  own.startsWith('k.') ? heads * head : own.startsWith('v.') ? (heads + kvHeads) * head : 0;

function matrixOf(layout: WeightLayout, spec: DecoderSpec, { tensor }: WeightPiece): Target {
  const [block, own] = split(tensor.name);
  const name = own.replace('.weight', '');
  const output = outputsBefore(spec, own);
  const matrix =
    block === undefined
      ? layout.matrices[name as keyof typeof layout.matrices]
      : layout.block[(/^[qkv]$/.test(name) ? 'qkv' : name) as keyof typeof layout.block];
  if (!matrix) throw new RangeError(`a decoder of ${spec.family} has no ${tensor.name}`);
  if (block === undefined) return { matrix, loads: 0, numbers: 0, output };
  return {
    matrix,
    loads: layout.blocksAt + block * layout.blockLoads,
    numbers: layout.blockVectorsAt + block * layout.blockNumbers,
    output,
  };
}

/** Norms hold the unit that is added to their weights. */
function putVector(vectors: Float32Array, layout: WeightLayout, spec: DecoderSpec, { tensor, values }: WeightPiece) {
  const [block, own] = split(tensor.name);
  const unit = own.endsWith('.weight') ? spec.norm.unit : 0;
  const ofHeads = /^[qkv]\.bias$/.test(own);
  const at =
    block === undefined
      ? layout.vectors[own as keyof typeof layout.vectors]
      : layout.blockVectorsAt + block * layout.blockNumbers + layout.blockVectors[ofHeads ? 'qkv.bias' : own];
  const before = block === undefined ? 0 : outputsBefore(spec, own);
  const outputOf = filledHeads(spec, layout.packing.head, ofHeads);
  for (let i = 0; i < values.length; i++) vectors[at + outputOf(before + i)] = values[i] + unit;
}

/** Where a number of a head lies when heads are filled up. */
function filledHeads({ head }: DecoderSpec, filled: number, isOfHeads: boolean): (at: number) => number {
  return isOfHeads && filled !== head ? (at) => Math.floor(at / head) * filled + (at % head) : (at) => at;
}

function putRows(
  words: Uint32Array,
  vectors: Float32Array,
  spec: DecoderSpec,
  { along, storage, words: loadWords, numbers, head }: Packing,
  { matrix, loads, numbers: before, output }: Target,
  { tensor, from, to, values }: WeightPiece,
): void {
  const { at, inputs, stride, scales } = matrix;
  const outputOf = filledHeads(spec, head, /\.[qkv]\.weight$/.test(tensor.name));
  const inputOf = filledHeads(spec, head, tensor.name.endsWith('.o.weight'));
  const perWord = numbers / loadWords;
  const bits = 32 / perWord;
  const floats = new Float32Array(1);
  const floatBits = new Uint32Array(floats.buffer);
  for (let row = from; row < to; row++) {
    const own = values.subarray((row - from) * inputs, (row - from + 1) * inputs);
    const scale = storage === 'int8' ? int8Scale(own) : 1;
    const o = outputOf(output + row);
    if (storage === 'int8') vectors[before + scales + o] = scale;
    for (let input = 0; input < inputs; input++) {
      const k = inputOf(input);
      const within = along === 'inputs' ? k % numbers : o % numbers;
      const load = along === 'inputs' ? Math.floor(k / numbers) * stride + o : k * stride + Math.floor(o / numbers);
      const word = (loads + at + load) * loadWords + Math.floor(within / perWord);
      if (storage === 'f32') {
        floats[0] = own[input];
        words[word] = floatBits[0];
      } else {
        const code =
          storage === 'f16'
            ? toHalf(own[input])
            : storage === 'bf16'
              ? toBfloat(own[input])
              : toInt8(own[input], scale) & 0xff;
        words[word] |= code << (bits * (within % perWord));
      }
    }
  }
}
