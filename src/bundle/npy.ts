/**
 * NumPy's `.npy` files, versions 1 to 3: one array of 32- or 64-bit floats.
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { expectBytes, type NumericArray, readFloats, valueCount } from './array-data.ts';
import { FileError } from './file-error.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy itself refuses longer headers by default (`max_header_size`); ours need under 128 bytes. */
const maxHeaderBytes = 10_000;
const dtypes = ['<f4', '<f8', '>f4', '>f8'];

/** Whether the bytes begin like a `.npy` file. */
export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/**
 * Decodes a `.npy` file.
 * @throws FileError for anything but a complete C-order array of `<f4 <f8 >f4 >f8`.
 */
export function decodeNpy(file: string, bytes: Uint8Array): NumericArray {
  if (!isNpy(bytes)) {
    throw new FileError(
      file,
      'not a NumPy array file (it does not begin with \\x93NUMPY)',
      'Save the array with np.save.',
    );
  }
  const { header, dataOffset } = readHeader(file, bytes);
  const dtype = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const dims = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (dtype === undefined || fortran === undefined || dims === undefined || !/^[\d,\s]*$/.test(dims)) {
    throw new FileError(
      file,
      'the header does not describe one plain array',
      "Save it with np.save(path, a.astype('<f4')).",
    );
  }
  if (!dtypes.includes(dtype)) {
    throw new FileError(
      file,
      `dtype ${dtype} is not read here (only ${dtypes.join(', ')} are)`,
      "Convert it first: np.save(path, a.astype('<f4')).",
    );
  }
  if (fortran === 'True') {
    throw new FileError(
      file,
      'the array is stored in Fortran order (columns first)',
      'Save it with np.save(path, np.ascontiguousarray(a)).',
    );
  }
  const shape = dims.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)]));
  const width = dtype.endsWith('4') ? 4 : 8;
  const available = bytes.length - dataOffset;
  const count = expectBytes(file, shape, width, available);
  if (available > count * width) {
    throw new FileError(
      file,
      `${available - count * width} bytes follow the array of shape ${shape.join(' × ')}`,
      'Save one array a file.',
    );
  }
  return { shape, data: readFloats(bytes, dataOffset, count, width, dtype.startsWith('<')) };
}

function readHeader(file: string, bytes: Uint8Array): { header: string; dataOffset: number } {
  const truncated = (needed: number) =>
    new FileError(
      file,
      `truncated: its header needs ${needed} bytes, the file has ${bytes.length}`,
      'Copy or write the file again.',
    );
  if (bytes.length < 12) {
    throw truncated(12);
  }
  const version = bytes[6];
  if (version < 1 || version > 3) {
    throw new FileError(file, `.npy version ${version} is unknown (1 to 3 are read)`, 'Save it with a current NumPy.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = version === 1 ? 10 : 12;
  if (length > maxHeaderBytes) {
    throw new FileError(
      file,
      `the header claims ${length} bytes, more than the ${maxHeaderBytes} of any plain array`,
      'Save a plain array, without named fields.',
    );
  }
  if (bytes.length < start + length) {
    throw truncated(start + length);
  }
  return { header: new TextDecoder().decode(bytes.subarray(start, start + length)), dataOffset: start + length };
}

/**
 * Encodes values as a version 1 `.npy` file, little-endian, in C order.
 * @throws RangeError where the shape does not match the number of values.
 */
export function encodeNpy(data: Float32Array | Float64Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  if (valueCount(shape) !== data.length) {
    throw new RangeError(`shape ${shape.join(' × ')} does not hold ${data.length} values`);
  }
  const width = data instanceof Float32Array ? 4 : 8;
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '<f${width}', 'fortran_order': False, 'shape': (${dims}), }`;
  // The data must begin at a multiple of 64 bytes, and the header must end with a newline.
  const headerBytes = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + headerBytes + data.length * width);
  const view = new DataView(bytes.buffer);
  bytes.set([...magic, 1, 0]);
  view.setUint16(8, headerBytes, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(headerBytes - 1)}\n`), 10);
  data.forEach((value, i) => {
    const at = 10 + headerBytes + i * width;
    if (width === 4) {
      view.setFloat32(at, value, true);
    } else {
      view.setFloat64(at, value, true);
    }
  });
  return bytes;
}
