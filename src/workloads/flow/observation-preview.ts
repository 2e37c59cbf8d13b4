/** What the page shows of the user's observations before a run. */
import type { ImageStack } from '../../bundle/images.ts';

export interface ObservationPreview {
  readonly n: number;
  /** Numbers of an observation. */
  readonly numbers: number;
  /** The first few, as many numbers each as a table has room for. */
  readonly rows: readonly (readonly number[])[];
  /** The first few as they are where they are images. */
  readonly images?: { readonly ny: number; readonly nx: number; readonly stamps: readonly Float32Array[] };
}

const SHOWN = { rows: 5, numbers: 10, images: 6 };

export function observationPreview({ n, ny, nx, pixels }: ImageStack): ObservationPreview {
  // Rows of two axes were read as one image; some programs add a third axis of length 1.
  const isImages = nx > 1 && n > 1;
  const [count, numbers] = n === 1 && nx > 1 ? [ny, nx] : [n, ny * nx];
  const of = (i: number, length: number) => pixels.slice(i * numbers, i * numbers + Math.min(numbers, length));
  const shown = (most: number) => Array.from({ length: Math.min(count, most) }, (_, i) => i);
  return {
    n: count,
    numbers,
    rows: shown(SHOWN.rows).map((i) => [...of(i, SHOWN.numbers)]),
    ...(isImages && { images: { ny, nx, stamps: shown(SHOWN.images).map((i) => of(i, numbers)) } }),
  };
}
