/** What the page shows of the user's stamps before a run. */
import type { ImageStack } from '../../bundle/images.ts';
import { measureStamps } from './stamp-measures.ts';

export interface StampPreview {
  readonly n: number;
  readonly ny: number;
  readonly nx: number;
  /** The first few, row-major. */
  readonly stamps: readonly Float32Array[];
  /** Level and noise of the borders, by which pictures are stretched. */
  readonly level: number;
  readonly noise: number;
}

const SHOWN = 6;

export function stampPreview(images: ImageStack): StampPreview {
  const { n, ny, nx, pixels } = images;
  const { level, noise } = measureStamps(images);
  const size = ny * nx;
  const stamps = Array.from({ length: Math.min(n, SHOWN) }, (_, i) => pixels.slice(i * size, (i + 1) * size));
  return { n, ny, nx, stamps, level: level.value, noise: noise.value };
}
