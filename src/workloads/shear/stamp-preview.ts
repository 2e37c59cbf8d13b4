/** What the page shows of the user's stamps before a run. */
import type { ImageStack } from '../../bundle/images.ts';

export interface StampPreview {
  readonly n: number;
  readonly ny: number;
  readonly nx: number;
  /** The first few, row-major. */
  readonly stamps: readonly Float32Array[];
}

const SHOWN = 6;

export function stampPreview({ n, ny, nx, pixels }: ImageStack): StampPreview {
  const size = ny * nx;
  const stamps = Array.from({ length: Math.min(n, SHOWN) }, (_, i) => pixels.slice(i * size, (i + 1) * size));
  return { n, ny, nx, stamps };
}
