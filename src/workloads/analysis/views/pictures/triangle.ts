/** The largest size above the diagonal of a square [n][n]; NaN counts as not zero. */
export function largestAbove(values: ArrayLike<number>, n: number): number {
  let most = 0;
  for (let row = 0; row < n; row++)
    for (let column = row + 1; column < n; column++) {
      const size = Math.abs(values[row * n + column]);
      if (!(size <= most)) most = size;
    }
  return most;
}
