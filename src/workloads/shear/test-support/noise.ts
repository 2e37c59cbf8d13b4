/** Noise for tests: independent from pixel to pixel, or as resampling makes it. */
import { pixelNormals } from '../observations.ts';

/** Pixels that the kernel reaches beyond the stamp, on each side. */
const MARGIN = 8;

/**
 * Standard normals of ny × nx pixels, smoothed with a Gaussian of `smoothing` px (0: not at all) and scaled back to unit variance:
 * ρ(h) = exp(−|h|²/4 smoothing²) as far as the kernel is sampled.
 */
export function smoothedNormals(seed: number, nx: number, ny: number, smoothing: number): Float64Array {
  const width = nx + 2 * MARGIN;
  const height = ny + 2 * MARGIN;
  const white = pixelNormals(seed, width * height);
  if (smoothing === 0) return white.slice(0, nx * ny);
  const taps = Array.from({ length: 2 * MARGIN + 1 }, (_, i) => Math.exp(-((i - MARGIN) ** 2) / (2 * smoothing ** 2)));
  const norm = Math.sqrt(taps.reduce((sum, tap) => sum + tap * tap, 0));
  const along = (row: number, x: number) =>
    taps.reduce((sum, tap, i) => sum + (tap / norm) * white[row * width + x + i], 0);
  const rows = Float64Array.from({ length: height * nx }, (_, i) => along(Math.floor(i / nx), i % nx));
  return Float64Array.from({ length: ny * nx }, (_, i) => {
    const [iy, ix] = [Math.floor(i / nx), i % nx];
    return taps.reduce((sum, tap, j) => sum + (tap / norm) * rows[(iy + j) * nx + ix], 0);
  });
}

/** Value of the autocorrelation at a lag along one axis, of the kernel as it is sampled. */
export function smoothedCorrelation(smoothing: number, lag: number): number {
  const tap = (i: number) => Math.exp(-(i * i) / (2 * smoothing ** 2));
  let [product, square] = [0, 0];
  for (let i = -MARGIN; i <= MARGIN; i++) {
    square += tap(i) ** 2;
    if (Math.abs(i + lag) <= MARGIN) product += tap(i) * tap(i + lag);
  }
  return product / square;
}
