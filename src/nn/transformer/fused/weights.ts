/** Lays a decoder's weights down as its fused kernel reads them. */
import { toBfloat } from '../../bfloat.ts';
import { toHalf } from '../../half.ts';
import type { DecoderOptions } from '../batch.ts';
import { rotaryTurns } from '../rotary.ts';
import type { DecoderSpec } from '../spec.ts';
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
      putRows(matrices, vectors, layout.packing, matrixOf(layout, spec, piece), piece);
    else vectors.set(vectorOf(spec, piece), vectorAt(layout, spec, piece.tensor.name));
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

function vectorAt(layout: WeightLayout, spec: DecoderSpec, tensor: string): number {
  const [block, own] = split(tensor);
  if (block === undefined) return layout.vectors[own as keyof typeof layout.vectors];
  const at = layout.blockVectors[/^[qkv]\.bias$/.test(own) ? 'qkv.bias' : own];
  return layout.blockVectorsAt + block * layout.blockNumbers + at + outputsBefore(spec, own);
}

/** Norms hold the unit that is added to their weights. */
function vectorOf({ norm }: DecoderSpec, { tensor, values }: WeightPiece): Float32Array {
  return norm.unit !== 0 && tensor.name.endsWith('.weight') ? values.map((value) => value + norm.unit) : values;
}

function putRows(
  words: Uint32Array,
  vectors: Float32Array,
  { storage, words: loadWords, numbers }: Packing,
  { matrix, loads, numbers: before, output }: Target,
  { from, to, values }: WeightPiece,
): void {
  const { at, inputs, outputs, scales } = matrix;
  const perWord = numbers / loadWords;
  const bits = 32 / perWord;
  const floats = new Float32Array(1);
  const floatBits = new Uint32Array(floats.buffer);
  for (let row = from; row < to; row++) {
    const own = values.subarray((row - from) * inputs, (row - from + 1) * inputs);
    const scale = storage === 'int8' ? rowScale(own) : 1;
    if (storage === 'int8') vectors[before + scales + output + row] = scale;
    for (let k = 0; k < inputs; k++) {
      const within = k % numbers;
      const word =
        (loads + at + Math.floor(k / numbers) * outputs + output + row) * loadWords + Math.floor(within / perWord);
      if (storage === 'f32') {
        floats[0] = own[k];
        words[word] = floatBits[0];
      } else {
        const code =
          storage === 'f16'
            ? toHalf(own[k])
            : storage === 'bf16'
              ? toBfloat(own[k])
              : Math.round(own[k] / scale) & 0xff;
        words[word] |= code << (bits * (within % perWord));
      }
    }
  }
}

/** Of bytes: the largest of a row is 127. f32, as the kernel has it. */
function rowScale(row: Float32Array): number {
  let largest = 0;
  for (const value of row) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? 1 : Math.fround(largest / 127);
}
