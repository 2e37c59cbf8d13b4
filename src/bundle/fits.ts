/**
 * FITS images: an image or a cube in the primary unit or an extension, or equal images one a unit (`fits-units.ts`).
 * Standard: https://fits.gsfc.nasa.gov/fits_standard.html (4.0). The packages that read FITS in a page were tried first:
 * fitsjs hands out no typed errors and is no module, jsfitsio needs Node 22, @observerly/fits rescales the pixels.
 */
import { expectBytes, type NumericArray, readFloats, valueCount } from './array-data.ts';
import { FileError } from './file-error.ts';
import { headerFacts } from './fits-facts.ts';
import { fitsBlockBytes, fitsCard } from './fits-header.ts';
import { dataUnits, type FitsImage, fitsUnits, unitChoices } from './fits-units.ts';
import type { HeaderFacts } from './header-facts.ts';
import type { ChoiceValue } from './own-file.ts';

/** Whether the bytes begin like a FITS file. */
export function isFits(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 9)) === 'SIMPLE  =';
}

/** What a FITS file holds: its images as one array, and what their headers say. */
export interface FitsArray extends NumericArray {
  readonly facts: HeaderFacts;
  /** Its units where others may be meant, the first those that are taken unasked. */
  readonly units?: readonly ChoiceValue[];
}

/**
 * Decodes the image of a FITS file, or its images one a unit, scaled by BSCALE and BZERO; blank integers become NaN.
 * The result's axes are FITS' reversed: [NAXIS3,] NAXIS2, NAXIS1, rows upward as FITS counts them.
 * @param hdu which unit, by EXTNAME or number, where there are several
 * @throws FileError for a damaged file, one without an image or with several that are not alike, or a pixel type that is not read.
 */
export function decodeFits(file: string, bytes: Uint8Array, hdu?: string): FitsArray {
  if (!isFits(bytes)) {
    throw new FileError(
      file,
      'not a FITS file (it does not begin with SIMPLE  =)',
      'Give a .fits image or a .npy array.',
    );
  }
  const { primary, images } = fitsUnits(file, bytes);
  const units = dataUnits(file, images, hdu);
  const about = { facts: headerFacts(file, primary, units), units: choicesOf(file, images, units, hdu) };
  const decoded = units.map((unit) => readImage(file, bytes, unit));
  if (decoded.length === 1) return { ...decoded[0], ...about };
  const size = decoded[0].data.length;
  const single = decoded.every(({ data }) => data instanceof Float32Array);
  const data = new (single ? Float32Array : Float64Array)(size * decoded.length);
  decoded.forEach((image, i) => {
    data.set(image.data, i * size);
  });
  return { shape: [decoded.length, ...decoded[0].shape], data, ...about };
}

function choicesOf(
  file: string,
  images: readonly FitsImage[],
  taken: readonly FitsImage[],
  hdu: string | undefined,
): readonly ChoiceValue[] | undefined {
  if (hdu === undefined) return unitChoices(images, taken);
  try {
    return unitChoices(images, dataUnits(file, images));
  } catch (error) {
    // Nothing is taken unasked: it had to be chosen, and may be chosen again.
    if (error instanceof FileError) return error.choices?.hdu;
    throw error;
  }
}

function readImage(file: string, bytes: Uint8Array, { header, axes, dataOffset }: FitsImage): NumericArray {
  const shape = [...axes].reverse();
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
 * @param about further cards of its header
 * @throws RangeError where the shape does not match the number of values.
 */
export function encodeFits(
  data: Float32Array | Float64Array,
  shape: readonly number[],
  about: Readonly<Record<string, string | number | boolean>> = {},
): Uint8Array<ArrayBuffer> {
  if (valueCount(shape) !== data.length) {
    throw new RangeError(`shape ${shape.join(' × ')} does not hold ${data.length} values`);
  }
  const width = data instanceof Float32Array ? 4 : 8;
  const axes = [...shape].reverse().map((length, i) => fitsCard(`NAXIS${i + 1}`, length));
  const more = Object.entries(about).map(([keyword, value]) => fitsCard(keyword, value));
  const first = [fitsCard('SIMPLE', true), fitsCard('BITPIX', -8 * width), fitsCard('NAXIS', shape.length)];
  const cards = [...first, ...axes, ...more];
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
