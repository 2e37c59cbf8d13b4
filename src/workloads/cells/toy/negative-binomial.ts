/**
 * Negative binomial counts from sums, products and quotients alone. IEEE 754 fixes those to the bit and leaves exp and log to the
 * engine, so what is drawn here is the same everywhere.
 */

/** Counts go up to this, so that they fit a byte; it carries all that lies beyond, below 1e-9 of everything the toy draws. */
export const LARGEST = 255;

/**
 * P(0), P(1), … P(255) of mean μ and size r, a whole number (variance μ + μ²/r): P(0) = (r/(r + μ))^r and
 * P(k + 1) = P(k) · (k + r)/(k + 1) · μ/(r + μ).
 */
export function negativeBinomial(mean: number, size: number): Float64Array<ArrayBuffer> {
  const p = new Float64Array(LARGEST + 1);
  p[0] = 1;
  for (let i = 0; i < size; i++) p[0] *= size / (size + mean);
  let left = 1 - p[0];
  for (let k = 0; k + 1 < LARGEST; k++) {
    p[k + 1] = p[k] * ((k + size) / (k + 1)) * (mean / (size + mean));
    left -= p[k + 1];
  }
  p[LARGEST] = Math.max(0, left);
  return p;
}

/** The count whose part of (0, 1) a uniform number falls into. */
export function countAt(p: Float64Array, uniform: number): number {
  let sum = 0;
  for (let k = 0; k < LARGEST; k++) {
    sum += p[k];
    if (uniform < sum) return k;
  }
  return LARGEST;
}
