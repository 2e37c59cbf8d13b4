/** How weights are stored on a device, and what of a number is left then: shared by devices and their twins. */
import { halfToNumber } from '../../bundle/array-data.ts';
import { fromBfloat, toBfloat } from '../bfloat.ts';
import { toHalf } from '../half.ts';
import type { WeightStorage } from './batch.ts';

/** Bytes of four numbers of a row. */
export function bytesOfFour(storage: WeightStorage): number {
  if (storage === 'f32') return 16;
  return storage === 'int8' ? 4 : 8;
}

/** Words of some rows, each filled up with zeros to a multiple of four numbers. */
export interface StoredRows {
  readonly words: Uint32Array<ArrayBuffer>;
  /** Of each row, where they are bytes: a number is its byte times it. */
  readonly scales?: Float32Array<ArrayBuffer>;
}

/** The scale of a row of bytes: its largest number is 127 of it. */
export function int8Scale(row: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < row.length; i++) largest = Math.max(largest, Math.abs(row[i]));
  return Math.fround(largest / 127);
}

/** The byte of a number, from −127 to 127; ties upwards. */
export const toInt8 = (value: number, scale: number) =>
  scale === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(value / scale)));

/** @param values [rows][inner], inner a multiple of 4 */
export function storedRows(
  values: Float32Array<ArrayBuffer>,
  rows: number,
  inner: number,
  storage: WeightStorage,
): StoredRows {
  if (storage === 'f32') return { words: new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4) };
  if (storage === 'int8') {
    const scales = new Float32Array(rows);
    const bytes = new Int8Array(rows * inner);
    for (let row = 0; row < rows; row++) {
      scales[row] = int8Scale(values.subarray(row * inner, (row + 1) * inner));
      for (let i = row * inner; i < (row + 1) * inner; i++) bytes[i] = toInt8(values[i], scales[row]);
    }
    return { words: new Uint32Array(bytes.buffer), scales };
  }
  const halves = new Uint16Array(values.length);
  const narrow = storage === 'f16' ? toHalf : toBfloat;
  for (let i = 0; i < values.length; i++) halves[i] = narrow(values[i]);
  return { words: new Uint32Array(halves.buffer) };
}

/** What is left of a matrix [rows][inner] by its storage. Vectors are f32 always. */
export function roundedRows(
  values: Float32Array<ArrayBuffer>,
  rows: number,
  inner: number,
  storage: WeightStorage,
): Float32Array<ArrayBuffer> {
  if (storage === 'f32') return values;
  const rounded = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const from = row * inner;
    const scale = storage === 'int8' ? int8Scale(values.subarray(from, from + inner)) : 1;
    for (let i = from; i < from + inner; i++)
      rounded[i] =
        storage === 'int8'
          ? toInt8(values[i], scale) * scale
          : storage === 'f16'
            ? halfToNumber(toHalf(values[i]))
            : fromBfloat(toBfloat(values[i]));
  }
  return rounded;
}
