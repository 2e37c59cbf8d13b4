/**
 * FITS images: the primary image, or else the first image extension, with two or three axes.
 * Standard: https://fits.gsfc.nasa.gov/fits_standard.html (4.0). The packages that read FITS in a page were tried first:
 * fitsjs hands out no typed errors and is no module, jsfitsio needs Node 22, @observerly/fits rescales the pixels.
 */
import { expectBytes, type NumericArray, readFloats, valueCount } from './array-data.ts';
import { FileError } from './file-error.ts';
import { type FitsHeader, fitsBlockBytes, fitsCard, readFitsHeader } from './fits-header.ts';

/** Whether the bytes begin like a FITS file. */
export function isFits(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 9)) === 'SIMPLE  =';
}

/**
 * Decodes the first image of a FITS file, scaled by BSCALE and BZERO; blank integers become NaN.
 * The result's axes are FITS' reversed: [NAXIS3,] NAXIS2, NAXIS1, rows upward as FITS counts them.
 * @throws FileError for a damaged file, one without an image, or a pixel type that is not read.
 */
export function decodeFits(file: string, bytes: Uint8Array): NumericArray {
  if (!isFits(bytes)) {
    throw new FileError(
      file,
      'not a FITS file (it does not begin with SIMPLE  =)',
      'Give a .fits image or a .npy array.',
    );
  }
  let offset = 0;
  let compressed = false;
  while (offset < bytes.length) {
    const { header, dataOffset } = readFitsHeader(file, bytes, offset);
    const axes = readAxes(file, header);
    if (axes.length > 0 && product(axes) > 0 && (offset === 0 || header.get('XTENSION') === 'IMAGE')) {
      return readImage(file, bytes, dataOffset, header, axes);
    }
    compressed ||= header.get('ZIMAGE') === true;
    offset = dataOffset + Math.ceil(Math.max(0, dataBytes(header, axes)) / fitsBlockBytes) * fitsBlockBytes;
  }
  throw compressed
    ? new FileError(file, 'its image is tile-compressed', 'Uncompress it with funpack first.')
    : new FileError(file, 'it holds no image, only tables or empty units', 'Give a file with an image of 2 or 3 axes.');
}

/** NAXIS1, NAXIS2, …; empty where the unit has no data. */
function readAxes(file: string, header: FitsHeader): number[] {
  const naxis = header.get('NAXIS');
  if (typeof naxis !== 'number' || !Number.isInteger(naxis) || naxis < 0 || naxis > 999) {
    throw new FileError(file, 'NAXIS is missing or wrong in a header', 'Write the file again with a FITS library.');
  }
  return Array.from({ length: naxis }, (_, i) => {
    const length = header.get(`NAXIS${i + 1}`);
    if (typeof length !== 'number' || !Number.isInteger(length) || length < 0) {
      throw new FileError(file, `NAXIS${i + 1} is missing or wrong`, 'Write the file again with a FITS library.');
    }
    return length;
  });
}

/** Bytes of a unit's data (standard 4.0, equation 2). */
function dataBytes(header: FitsHeader, axes: readonly number[]): number {
  if (axes.length === 0) {
    return 0;
  }
  const groups = Number(header.get('GCOUNT') ?? 1);
  return (Math.abs(Number(header.get('BITPIX'))) / 8) * groups * (Number(header.get('PCOUNT') ?? 0) + product(axes));
}

function product(axes: readonly number[]): number {
  return axes.reduce((total, n) => total * n, 1);
}

function readImage(
  file: string,
  bytes: Uint8Array,
  dataOffset: number,
  header: FitsHeader,
  axes: readonly number[],
): NumericArray {
  const used = [...axes];
  while (used.length > 2 && used.at(-1) === 1) {
    used.pop();
  }
  const shape = used.reverse();
  const bitpix = Number(header.get('BITPIX'));
  if (![8, 16, 32, -32, -64].includes(bitpix)) {
    throw new FileError(
      file,
      `BITPIX ${header.get('BITPIX')} is not read here (8, 16, 32, -32 and -64 are)`,
      'Convert the image to 32-bit floats.',
    );
  }
  const width = Math.abs(bitpix) / 8;
  const count = expectBytes(file, shape, width, Math.max(0, bytes.length - dataOffset));
  const raw =
    bitpix < 0
      ? readFloats(bytes, dataOffset, count, bitpix === -32 ? 4 : 8, false)
      : readIntegers(bytes, dataOffset, count, bitpix, header.get('BLANK'));
  const scale = Number(header.get('BSCALE') ?? 1);
  const zero = Number(header.get('BZERO') ?? 0);
  return { shape, data: scale === 1 && zero === 0 ? raw : Float64Array.from(raw, (value) => value * scale + zero) };
}

function readIntegers(bytes: Uint8Array, offset: number, count: number, bitpix: number, blank: unknown): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const value = bitpix === 8 ? view.getUint8(i) : bitpix === 16 ? view.getInt16(2 * i) : view.getInt32(4 * i);
    values[i] = value === blank ? Number.NaN : value;
  }
  return values;
}

/**
 * Encodes an image or a stack of images ([n,] ny, nx) as a primary FITS image of the same precision.
 * @throws RangeError where the shape does not match the number of values.
 */
export function encodeFits(data: Float32Array | Float64Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  if (valueCount(shape) !== data.length) {
    throw new RangeError(`shape ${shape.join(' × ')} does not hold ${data.length} values`);
  }
  const width = data instanceof Float32Array ? 4 : 8;
  const axes = [...shape].reverse().map((length, i) => fitsCard(`NAXIS${i + 1}`, length));
  const cards = [fitsCard('SIMPLE', true), fitsCard('BITPIX', -8 * width), fitsCard('NAXIS', shape.length), ...axes];
  const text = [...cards, 'END'.padEnd(80)].join('');
  const headerBytes = Math.ceil(text.length / fitsBlockBytes) * fitsBlockBytes;
  const dataEnd = headerBytes + Math.ceil((data.length * width) / fitsBlockBytes) * fitsBlockBytes;
  const bytes = new Uint8Array(dataEnd);
  bytes.set(new TextEncoder().encode(text.padEnd(headerBytes)));
  const view = new DataView(bytes.buffer);
  data.forEach((value, i) => {
    if (width === 4) {
      view.setFloat32(headerBytes + 4 * i, value, false);
    } else {
      view.setFloat64(headerBytes + 8 * i, value, false);
    }
  });
  return bytes;
}
