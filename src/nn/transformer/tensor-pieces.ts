/** A tensor's numbers out of its file, in pieces of rows, whichever way they lie there. */
import { halfToNumber } from '../../bundle/array-data.ts';
import type { LyingTensor } from '../../bundle/safetensors-folder.ts';
import type { TensorPlace } from './names.ts';
import type { DecoderTensor, StoredType, WeightPiece } from './weights.ts';

const BYTES: Readonly<Record<StoredType, number>> = { F64: 8, F32: 4, F16: 2, BF16: 2 };

/** A type of a file among those that are read. */
export const storedTypeOf = (dtype: string): StoredType | undefined =>
  Object.hasOwn(BYTES, dtype) ? (dtype as StoredType) : undefined;

let halves: Float32Array | undefined;

/** Numbers of little-endian bytes; F64 is rounded. */
export function numbersOf(bytes: Uint8Array<ArrayBuffer>, type: StoredType): Float32Array<ArrayBuffer> {
  // Slices of files begin at multiples of nothing.
  const own = bytes.byteOffset % BYTES[type] === 0 ? bytes : bytes.slice();
  const count = own.byteLength / BYTES[type];
  if (type === 'F32') return new Float32Array(own.buffer, own.byteOffset, count);
  if (type === 'F64') return Float32Array.from(new Float64Array(own.buffer, own.byteOffset, count));
  const words = new Uint16Array(own.buffer, own.byteOffset, count);
  if (type === 'BF16') {
    const bits = new Uint32Array(count);
    for (let i = 0; i < count; i++) bits[i] = words[i] << 16;
    return new Float32Array(bits.buffer);
  }
  halves ??= Float32Array.from({ length: 65_536 }, (_, i) => halfToNumber(i));
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = halves[words[i]];
  return values;
}

/** Rows as they lie; of a vector the numbers from `column` on. */
export async function* storedPieces(
  tensor: DecoderTensor,
  { column = 0 }: TensorPlace,
  { file, from, dtype }: LyingTensor,
  pieceBytes: number,
): AsyncIterable<WeightPiece> {
  const type = dtype as StoredType;
  const [rows, inner = 1] = tensor.shape;
  const row = inner * BYTES[type];
  // A vector is handed out as a whole.
  const atOnce = tensor.shape.length === 1 ? rows : Math.max(1, Math.floor(pieceBytes / Math.max(row, inner * 4)));
  for (let first = 0; first < rows; first += atOnce) {
    const to = Math.min(rows, first + atOnce);
    const begin = from + (column + first) * row;
    const bytes = await file.read(begin, begin + (to - first) * row);
    yield { tensor, from: first, to, values: numbersOf(bytes, type), stored: { type, bytes } };
  }
}

/**
 * Rows of a matrix that lies as (in, out), of its columns from `column` on. Each piece goes over all rows of the file, by as much of them
 * as a piece may be.
 */
export async function* turnedPieces(
  { shape, ...tensor }: DecoderTensor,
  { column = 0 }: TensorPlace,
  { file, from, dtype, shape: lying }: LyingTensor,
  pieceBytes: number,
): AsyncIterable<WeightPiece> {
  const type = dtype as StoredType;
  const [rows, inner] = shape;
  const [, columns] = lying;
  const atOnce = Math.min(rows, Math.max(1, Math.floor(pieceBytes / (inner * 4))));
  const line = columns * BYTES[type];
  const linesAtOnce = Math.max(1, Math.floor(pieceBytes / line));
  for (let first = 0; first < rows; first += atOnce) {
    const to = Math.min(rows, first + atOnce);
    const values = new Float32Array((to - first) * inner);
    for (let begin = 0; begin < inner; begin += linesAtOnce) {
      const end = Math.min(inner, begin + linesAtOnce);
      const some = numbersOf(await file.read(from + begin * line, from + end * line), type);
      for (let i = begin; i < end; i++) {
        const at = (i - begin) * columns + column;
        for (let o = first; o < to; o++) values[(o - first) * inner + i] = some[at + o];
      }
    }
    yield { tensor: { ...tensor, shape }, from: first, to, values };
  }
}
