/** Products of an image with itself, moved: what the autocorrelation of noise, and of anything smooth, is made of. */

/** Columns to the right, rows up. */
export interface Lag {
  readonly dx: number;
  readonly dy: number;
}

/** One of every pair ±h within a disc around (0, 0), without that: dy > 0, or dy = 0 and dx > 0; nearest first. */
export function lagsWithin(radius: number): Lag[] {
  const lags: Lag[] = [];
  for (let dy = 0; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      if ((dy > 0 || dx > 0) && dx * dx + dy * dy <= radius * radius) lags.push({ dx, dy });
    }
  }
  return lags.sort((a, b) => a.dx ** 2 + a.dy ** 2 - (b.dx ** 2 + b.dy ** 2) || a.dy - b.dy || a.dx - b.dx);
}

/** Pairs of pixels at that lag in an image of ny × nx. */
export function pairsAt(nx: number, ny: number, { dx, dy }: Lag): number {
  return Math.max(0, nx - Math.abs(dx)) * Math.max(0, ny - Math.abs(dy));
}

/** Σ a(i) b(i + h) over all pairs of pixels at lag h; images are row-major, ny × nx. */
export function lagProduct(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  nx: number,
  ny: number,
  { dx, dy }: Lag,
): number {
  const [left, right] = [Math.max(0, -dx), nx - Math.max(0, dx)];
  const shift = dy * nx + dx;
  let sum = 0;
  for (let iy = Math.max(0, -dy); iy < ny - Math.max(0, dy); iy++) {
    let row = 0;
    for (let i = iy * nx + left; i < iy * nx + right; i++) row += a[i] * b[i + shift];
    sum += row;
  }
  return sum;
}
