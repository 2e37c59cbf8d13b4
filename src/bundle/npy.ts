/**
 * NumPy's `.npy` files, versions 1 to 3: one array of floats or integers, rows or columns first, either byte order.
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { expectBytes, type NumberType, type NumericArray, readNumbers, valueCount } from './array-data.ts';
import { FileError } from './file-error.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy itself refuses longer headers by default (`max_header_size`); ours need under 128 bytes. */
const maxHeaderBytes = 10_000;
/** Byte order and number type; "|" where a value has one byte. */
const DTYPE = /^([<>=|])(f[248]|[iu][1248])$/;
/** More axes than NumPy itself can make. */
const MOST_AXES = 64;

/** Whether the bytes begin like a `.npy` file. */
export function isNpy(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/**
 * Decodes a `.npy` file; values in row-major order, whatever order they are stored in.
 * @throws FileError for anything but one complete array of floats or integers; nothing is allocated before the header is believed.
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
  const { dtype, fortran, shape } = describe(file, header);
  const [, order, type] = DTYPE.exec(dtype) ?? [];
  if (type === undefined) {
    throw new FileError(
      file,
      `dtype ${dtype.slice(0, 40)} is not read here (floats and integers of 8 to 64 bits are)`,
      "Convert it first: np.save(path, a.astype('<f4')).",
    );
  }
  const width = Number(type[1]);
  const available = bytes.length - dataOffset;
  const count = expectBytes(file, shape, width, available);
  if (available > count * width) {
    throw new FileError(
      file,
      `${available - count * width} bytes follow the array of shape ${shape.join(' × ')}`,
      'Save one array a file.',
    );
  }
  const stored = readNumbers(bytes, dataOffset, count, type as NumberType, order !== '>');
  const told = [...(type === 'f4' || type === 'f8' ? [] : [`from ${WORDS[type[0]]} of ${8 * width} bits`])];
  return { shape, data: fortran ? rowMajor(stored, shape) : stored, ...(told.length > 0 && { told }) };
}

const WORDS: Readonly<Record<string, string>> = { f: 'floats', i: 'integers', u: 'unsigned integers' };

/** One entry of the header: a Python dictionary of texts, a truth value and a tuple, with either quotes. */
const ENTRY =
  /\s*(['"])(\w{1,40})\1\s*:\s*(?:(['"])([^'"]{0,100})\3|(True|False)|\(\s*((?:\d{1,17}L?\s*(?:,\s*\d{1,17}L?\s*)*,?)?)\s*\))\s*(,|(?=\}))/y;

/** What the header says; each key once, and no other. */
function describe(file: string, header: string): { dtype: string; fortran: boolean; shape: number[] } {
  const found = new Map<string, { text?: string; truth?: string; tuple?: string }>();
  const body = header.trim();
  let at = body.startsWith('{') ? 1 : body.length;
  const damaged = () =>
    new FileError(file, 'the header does not describe one plain array', "Save it with np.save(path, a.astype('<f4')).");
  while (!/^\s*\}$/.test(body.slice(at, at + 100))) {
    ENTRY.lastIndex = at;
    const [all, , key, , text, truth, tuple] = ENTRY.exec(body) ?? [];
    if (all === undefined || found.has(key)) throw damaged();
    found.set(key, { text, truth, tuple });
    at += all.length;
  }
  const [dtype, fortran, tuple] = [
    found.get('descr')?.text,
    found.get('fortran_order')?.truth,
    found.get('shape')?.tuple,
  ];
  if (dtype === undefined || fortran === undefined || tuple === undefined || found.size !== 3) throw damaged();
  // A tuple of one has a comma: (3) is a number in Python, and nobody's shape.
  const dims = tuple.split(',').map((part) => part.trim());
  if (dims.length === 1 && dims[0] !== '') throw damaged();
  const shape = dims.filter((part) => part !== '').map((part) => Number(part.replace('L', '')));
  if (shape.length > MOST_AXES) throw damaged();
  return { dtype, fortran: fortran === 'True', shape };
}

/** Values stored columns first, the first axis fastest, in row-major order. */
function rowMajor<T extends Float32Array | Float64Array>(stored: T, shape: readonly number[]): T {
  const values = stored.slice() as T;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, n) => product * n, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    values[to] = stored[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return values;
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
export function encodeNpy(
  data: Float32Array | Float64Array | Uint8Array,
  shape: readonly number[],
): Uint8Array<ArrayBuffer> {
  if (valueCount(shape) !== data.length) {
    throw new RangeError(`shape ${shape.join(' × ')} does not hold ${data.length} values`);
  }
  const width = data.BYTES_PER_ELEMENT;
  const dtype = data instanceof Uint8Array ? '|u1' : `<f${width}`;
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${dims}), }`;
  // The data must begin at a multiple of 64 bytes, and the header must end with a newline.
  const headerBytes = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + headerBytes + data.length * width);
  const view = new DataView(bytes.buffer);
  bytes.set([...magic, 1, 0]);
  view.setUint16(8, headerBytes, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(headerBytes - 1)}\n`), 10);
  if (data instanceof Uint8Array) {
    bytes.set(data, 10 + headerBytes);
    return bytes;
  }
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
