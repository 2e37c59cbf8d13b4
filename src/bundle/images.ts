/** Image stacks, or rows of numbers, brought by the user: `.npy` or FITS, told apart by their first bytes; tables of plain numbers as CSV. */
import type { NumericArray } from './array-data.ts';
import { type DataKind, type DataWords, dataWords } from './data-words.ts';
import { FileError } from './file-error.ts';
import { decodeFits, isFits } from './fits.ts';
import type { HeaderFacts } from './header-facts.ts';
import { decodeNpy, isNpy } from './npy.ts';
import { decodeNpz, isZip } from './npz.ts';
import { decodeNumberTable } from './number-table.ts';
import type { ChoiceValue, FileOptions } from './own-file.ts';
import { sha256Of } from './sha256.ts';
import { TABLES } from './table-names.ts';

/** A stack of images, decoded: values in row-major [n, ny, nx]. */
export interface ImageStack {
  readonly name: string;
  readonly n: number;
  readonly ny: number;
  readonly nx: number;
  readonly pixels: Float32Array;
  /** "sha256:…" of the file's bytes. */
  readonly sha256: string;
  /** What was recognised in the file, in words. */
  readonly told?: readonly string[];
  /** What the file says of its images; absent where its format says nothing. */
  readonly header?: HeaderFacts;
  /** Units of a FITS file where others may be meant, the first those that are taken unasked. */
  readonly units?: readonly ChoiceValue[];
  /** What the reader was told beside the bytes. */
  readonly options?: FileOptions;
}

/**
 * Decodes one image (ny × nx) or a stack (n × ny × nx); values are rounded to 32-bit floats. A CSV table counts as an image of its rows.
 * `kind` chooses the words of what is refused; `hdu` the unit of a FITS file with several.
 * @throws FileError for a file that is no image, is damaged, or has pixels that are no finite numbers.
 */
export async function loadImages(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  kind: DataKind = 'images',
  hdu?: string,
): Promise<ImageStack> {
  const words = dataWords[kind];
  const { shape, data, told, facts, units } = await decode(name, bytes, words, hdu);
  if (shape.length !== 2 && shape.length !== 3) {
    throw new FileError(name, `shape ${shape.join(' × ') || 'of a single number'} ${words.axes}`, words.saveAxes);
  }
  const [n, ny, nx] = shape.length === 2 ? [1, ...shape] : shape;
  if (n * ny * nx === 0) {
    throw new FileError(name, `it holds no ${words.values} (shape ${shape.join(' × ')})`, words.saveSome);
  }
  const pixels = data instanceof Float32Array ? data : Float32Array.from(data);
  expectFinite(name, pixels, shape, words);
  const sha256 = await sha256Of(bytes);
  return {
    name,
    n,
    ny,
    nx,
    pixels,
    sha256,
    ...(told && { told }),
    ...(facts && { header: facts }),
    ...(units && { units }),
  };
}

/** How many there are of what `kind` takes them to be, and in words: rows of an array of two axes were read as one image. */
export function countData({ n, ny, nx, told = [] }: ImageStack, kind: DataKind): { count: number; what: string } {
  return { count: kind === 'rows' && n === 1 ? ny : n, what: [dataWords[kind].count(n, ny, nx), ...told].join('; ') };
}

async function decode(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  { unknown, give }: DataWords,
  hdu?: string,
): Promise<NumericArray & { readonly facts?: HeaderFacts; readonly units?: readonly ChoiceValue[] }> {
  if (bytes.length === 0) {
    throw new FileError(name, 'the file is empty', 'Copy or write the file again.');
  }
  if (isFits(bytes)) {
    return decodeFits(name, bytes, hdu);
  }
  if (hdu !== undefined) {
    throw new FileError(name, 'only FITS files have units to choose from', 'Leave --hdu out.');
  }
  if (isNpy(bytes)) {
    return decodeNpy(name, bytes);
  }
  if (TABLES.some((end) => name.toLowerCase().endsWith(end))) {
    return decodeNumberTable(name, bytes);
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new FileError(name, 'the file is compressed with gzip', 'Uncompress it first (gunzip).');
  }
  if (isZip(bytes)) {
    return decodeNpz(name, bytes);
  }
  throw new FileError(name, unknown, give);
}

function expectFinite(name: string, pixels: Float32Array, shape: readonly number[], words: DataWords): void {
  let bad = 0;
  let first = -1;
  pixels.forEach((value, i) => {
    if (!Number.isFinite(value)) {
      bad += 1;
      first = first < 0 ? i : first;
    }
  });
  if (bad > 0) {
    throw new FileError(
      name,
      `${bad} of ${pixels.length} ${words.values} are no finite 32-bit numbers (the first: ${words.place(shape, first)}, counted from 0, ${pixels[first]})`,
      words.replace,
    );
  }
}
