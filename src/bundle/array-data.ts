/** Shape and raw bytes of a numeric array to typed values: what `.npy` and FITS have in common. */
import { FileError } from './file-error.ts';

/** A decoded array: row-major values, the last axis fastest. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
  /** What was recognised in the file, in words, where that is worth telling. */
  readonly told?: readonly string[];
}

/** Number of values of a shape; undefined where it exceeds what a number can count, also where a length of 0 hides that. */
export function valueCount(shape: readonly number[]): number | undefined {
  const count = shape.reduce((product, n) => product * (n || 1), 1);
  if (!Number.isSafeInteger(count)) return undefined;
  return shape.includes(0) ? 0 : count;
}

/**
 * Throws unless `available` bytes hold exactly the values of `shape`.
 * @throws FileError with the expected and the actual number of bytes.
 */
export function expectBytes(file: string, shape: readonly number[], bytesPerValue: number, available: number): number {
  const count = valueCount(shape);
  if (count === undefined) {
    throw new FileError(
      file,
      `the header declares an impossible shape (${shape.join(' × ')})`,
      'Write the file again.',
    );
  }
  const expected = count * bytesPerValue;
  if (available < expected) {
    throw new FileError(
      file,
      `truncated: the shape ${shape.join(' × ')} needs ${expected} bytes of data, the file has ${available}`,
      'Copy or write the file again.',
    );
  }
  return count;
}

/** Number types of arrays: "f" floats, "i" and "u" integers with and without sign, by bytes. */
export type NumberType = 'f2' | 'f4' | 'f8' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8';

/**
 * Numbers of either byte order as floats that hold them exactly, but for integers of 64 bits beyond 2^53, which are rounded.
 * The bytes must be there.
 */
export function readNumbers(
  bytes: Uint8Array,
  offset: number,
  count: number,
  type: NumberType,
  littleEndian: boolean,
): Float32Array | Float64Array {
  const width = Number(type[1]);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * width);
  const values = width <= 2 || type === 'f4' ? new Float32Array(count) : new Float64Array(count);
  const read = READERS[type];
  for (let i = 0; i < count; i++) values[i] = read(view, i * width, littleEndian);
  return values;
}

const READERS: Readonly<Record<NumberType, (view: DataView, at: number, littleEndian: boolean) => number>> = {
  f2: (view, at, little) => halfToNumber(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
};

/** A number of IEEE 754 binary16. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Reads floats of either byte order; aligned little-endian data would not need this, but files need not be aligned. */
export function readFloats(
  bytes: Uint8Array,
  offset: number,
  count: number,
  width: 4 | 8,
  littleEndian: boolean,
): Float32Array | Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * width);
  const values = width === 4 ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) {
    values[i] = width === 4 ? view.getFloat32(4 * i, littleEndian) : view.getFloat64(8 * i, littleEndian);
  }
  return values;
}
