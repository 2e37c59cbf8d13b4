/** What two sets of cells have in common gene by gene: means and zeros. Blind to how genes go together. */
import { requireSameLength } from '../errors.ts';
import type { Points } from '../two-sample/points.ts';

/** Mean over genes of |mean in a − mean in b|, in units of the space. */
export function meanAbsoluteDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  requireSameLength(a, b, 'the means');
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / a.length;
}

/** Mean over genes of (mean in a − mean in b)², in squared units of the space. */
export function meanSquaredDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  requireSameLength(a, b, 'the means');
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum / a.length;
}

/** Share of entries that are 0. */
export function zeroFraction({ values }: Points): number {
  let zeros = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === 0) zeros++;
  return zeros / values.length;
}
