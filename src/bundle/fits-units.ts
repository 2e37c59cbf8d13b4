/** The header-data units (HDUs) of a FITS file, and which of them are the data. */
import { FileError } from './file-error.ts';
import { type FitsHeader, fitsBlockBytes, readFitsHeader } from './fits-header.ts';
import type { ChoiceValue } from './own-file.ts';

/** A unit with an image in it. */
export interface FitsImage {
  /** Its number in the file; 0 is the primary unit. */
  readonly index: number;
  /** EXTNAME in capitals; empty without one. */
  readonly name: string;
  /** EXTVER; 1 without one, as the standard has it. */
  readonly version: number;
  readonly header: FitsHeader;
  /** Axes as FITS counts them (NAXIS1 first), trailing ones of length 1 left out; those of the image where it is compressed. */
  readonly axes: readonly number[];
  readonly dataOffset: number;
  /** Its compression where it is a tile-compressed image, e.g. "RICE_1". */
  readonly compression?: string;
}

export interface FitsUnits {
  readonly primary: FitsHeader;
  readonly images: readonly FitsImage[];
}

/** What goes with an image and is none to be fitted: weights, errors, variances, masks, exposure and context maps, by EXTNAME. */
const BESIDE =
  /^(WHT|WGT|WEIGHTS?|WEIGHT_?MAP|ERR|ERRORS?|UNC|UNCERT|SIGMA|STD|RMS|VAR|VARIANCE|IVM|IVAR|INVVAR|DQ|MASK|MSK|FLAGS?|BPM|CTX|CON|EXP|COVERAGE)$/;

/** Walks the units of a file. @throws FileError for a damaged header */
export function fitsUnits(file: string, bytes: Uint8Array): FitsUnits {
  const images: FitsImage[] = [];
  let primary: FitsHeader = new Map();
  let offset = 0;
  for (let index = 0; offset < bytes.length && (index === 0 || isExtension(bytes, offset)); index++) {
    const { header, dataOffset } = readFitsHeader(file, bytes, offset);
    if (index === 0) primary = header;
    const axes = readAxes(file, header, 'NAXIS');
    const compressed = header.get('ZIMAGE') === true;
    const holdsImage = compressed || index === 0 || header.get('XTENSION') === 'IMAGE';
    if (holdsImage && axes.length > 0 && product(axes) > 0) {
      images.push({
        index,
        name: textOf(header.get('EXTNAME')).toUpperCase(),
        version: Number(header.get('EXTVER') ?? 1),
        header,
        axes: withoutTrailingOnes(compressed ? readAxes(file, header, 'ZNAXIS') : axes),
        dataOffset,
        ...(compressed && { compression: textOf(header.get('ZCMPTYPE')) || 'of an unknown kind' }),
      });
    }
    offset = dataOffset + Math.ceil(Math.max(0, dataBytes(header, axes)) / fitsBlockBytes) * fitsBlockBytes;
  }
  return { primary, images };
}

/**
 * The units that are the data: the one that is asked for by name or number, else the only one that may be, else all where they are
 * alike: images of one shape and one name up to its number, as `galsim.fits.writeMulti` writes one image a unit.
 * @param hdu EXTNAME, "EXTNAME,EXTVER" or a number, 0 for the primary unit
 * @throws FileError where nothing is data, where it cannot be told which is, or where it is compressed
 */
export function dataUnits(file: string, units: readonly FitsImage[], hdu?: string): readonly FitsImage[] {
  if (units.length === 0) {
    throw new FileError(
      file,
      'it holds no image, only tables or empty units',
      'Give a file with an image of 2 or 3 axes.',
    );
  }
  const found = hdu === undefined ? candidates(units) : named(file, units, hdu);
  if (found.length === 0) {
    throw new FileError(
      file,
      `it holds no image but ${listed(units)}, which by name are weights, errors or masks`,
      `Give the file with the image. ${CHOOSE}`,
    );
  }
  const compressed = found.find(({ compression }) => compression !== undefined);
  if (compressed) {
    throw new FileError(
      file,
      `${listed([compressed])} is tile-compressed (${compressed.compression}), and compressed images are not read`,
      'Uncompress it with funpack first.',
    );
  }
  if (found.length > 1 && !alike(found)) {
    throw new FileError(file, `it holds several images that may be meant: ${listed(found)}`, CHOOSE, {
      choices: { hdu: found.map(unitChoice) },
    });
  }
  return found;
}

/** More than these are no list to choose from. */
const MAX_CHOICES = 32;

/** What may be asked for in the place of the units that are taken unasked; undefined where there is nothing else. */
export function unitChoices(units: readonly FitsImage[], unasked: readonly FitsImage[]): ChoiceValue[] | undefined {
  if (units.length < 2 || units.length > MAX_CHOICES) return undefined;
  const others = unasked.length === 1 ? units.filter((unit) => unit !== unasked[0]) : units;
  const label = unasked.length === 1 ? unitChoice(unasked[0]).label : `All ${unasked.length} alike, as a stack`;
  return [{ value: '', label }, ...others.map(unitChoice)];
}

function unitChoice(unit: FitsImage): ChoiceValue {
  return { value: String(unit.index), label: listed([unit]) };
}

/** Rows of numbers count where there is nothing with two axes. */
function candidates(units: readonly FitsImage[]): readonly FitsImage[] {
  const meant = units.filter(({ name }) => !BESIDE.test(name));
  const images = meant.filter(({ axes }) => axes.length > 1);
  return images.length > 0 ? images : meant;
}

const CHOOSE =
  'Say which with --hdu NAME or --hdu NUMBER (0 is the first) on the command line; the page lets you choose.';

function named(file: string, units: readonly FitsImage[], hdu: string): readonly FitsImage[] {
  const [name, version] = hdu
    .trim()
    .toUpperCase()
    .split(/\s*,\s*/);
  const found = /^\d+$/.test(hdu.trim())
    ? units.filter(({ index }) => index === Number(hdu))
    : units.filter((unit) => unit.name === name && (version === undefined || unit.version === Number(version)));
  if (found.length > 0 && name !== '') return found;
  throw new FileError(file, `it has no image "${hdu.slice(0, 40)}"; it holds ${listed(units)}`, CHOOSE);
}

/** Images of two axes of one shape, all without a name or with names that differ in their number alone. */
function alike([first, ...others]: readonly FitsImage[]): boolean {
  const stem = ({ name }: FitsImage) => name.replace(/[\s_-]*\d+$/, '');
  return (
    first.axes.length === 2 &&
    others.every((unit) => unit.axes.join() === first.axes.join() && stem(unit) === stem(first))
  );
}

/** At most so many are listed in a message. */
const MAX_LISTED = 8;

/** "SCI (HDU 1, 48 × 48), WHT (HDU 2, 48 × 48)", lengths in the order of arrays. */
function listed(units: readonly FitsImage[]): string {
  const words = units.slice(0, MAX_LISTED).map(({ index, name, axes }) => {
    const shape = [...axes].reverse().join(' × ');
    return name ? `${name} (HDU ${index}, ${shape})` : `HDU ${index} (no name, ${shape})`;
  });
  const more = units.length - words.length;
  return `${words.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What follows the last unit and is none is passed over, as the standard asks. */
function isExtension(bytes: Uint8Array, offset: number): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(offset, offset + 8)) === 'XTENSION';
}

function textOf(value: unknown): string {
  return value === undefined ? '' : String(value).trim();
}

/** NAXIS1, NAXIS2, …, or ZNAXIS1, …; empty where the unit has no data. */
function readAxes(file: string, header: FitsHeader, key: 'NAXIS' | 'ZNAXIS'): number[] {
  const naxis = header.get(key);
  if (typeof naxis !== 'number' || !Number.isInteger(naxis) || naxis < 0 || naxis > 999) {
    if (key === 'ZNAXIS') return [];
    throw new FileError(file, `${key} is missing or wrong in a header`, 'Write the file again with a FITS library.');
  }
  return Array.from({ length: naxis }, (_, i) => {
    const length = header.get(`${key}${i + 1}`);
    if (typeof length !== 'number' || !Number.isInteger(length) || length < 0) {
      if (key === 'ZNAXIS') return 0;
      throw new FileError(file, `${key}${i + 1} is missing or wrong`, 'Write the file again with a FITS library.');
    }
    return length;
  });
}

function withoutTrailingOnes(axes: readonly number[]): number[] {
  const used = [...axes];
  while (used.length > 2 && used.at(-1) === 1) used.pop();
  return used;
}

/** Bytes of a unit's data (standard 4.0, equation 2). */
function dataBytes(header: FitsHeader, axes: readonly number[]): number {
  if (axes.length === 0) return 0;
  const groups = Number(header.get('GCOUNT') ?? 1);
  return (Math.abs(Number(header.get('BITPIX'))) / 8) * groups * (Number(header.get('PCOUNT') ?? 0) + product(axes));
}

function product(axes: readonly number[]): number {
  return axes.reduce((total, n) => total * n, 1);
}
