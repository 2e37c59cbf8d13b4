/** What chance alone makes of a measure. */

/** Standard error of one C2ST where nothing is wrong: that of a share of about a half. @param points on either side */
export function c2stChance(points: number): number {
  return Math.sqrt(1 / (8 * points));
}

/** Standard error of the difference of two C2STs where nothing is wrong: that of a share of about a half, of both. @param points on either side */
export function c2stError(points: number): number {
  return Math.SQRT2 * c2stChance(points);
}
