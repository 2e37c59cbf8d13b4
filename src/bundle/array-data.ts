/** Shape and raw bytes of a numeric array to typed values: what `.npy` and FITS have in common. */
import { FileError } from './file-error.ts';

/** A decoded array: row-major values, the last axis fastest. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** Number of values of a shape; undefined where it exceeds what a number can count. */
export function valueCount(shape: readonly number[]): number | undefined {
  const count = shape.reduce((product, n) => product * n, 1);
  return Number.isSafeInteger(count) ? count : undefined;
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
