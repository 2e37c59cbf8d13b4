/** The largest size that works, found by trying. */

/** The answer is within this share of the smallest size that failed. */
const RESOLUTION = 0.06;

/**
 * Doubles from 1 until `fits` says no or `limit` is reached, then bisects to 6 %. Sizes are tried one after the other, none twice.
 * Resolves to the largest that fitted, 0 when not even 1 did.
 */
export async function searchLargest(limit: number, fits: (size: number) => Promise<boolean>): Promise<number> {
  let good = 0;
  let bad: number | undefined;
  for (let size = Math.min(1, limit); size > good && bad === undefined; size = Math.min(2 * size, limit)) {
    if (await fits(size)) good = size;
    else bad = size;
  }
  while (bad !== undefined && bad - good > Math.max(1, RESOLUTION * bad)) {
    const middle = Math.floor((good + bad) / 2);
    if (await fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
