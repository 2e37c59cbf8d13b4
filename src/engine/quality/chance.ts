/** What chance alone makes of a measure. */

/** Standard error of the difference of two C2STs where nothing is wrong: that of a share of about a half, of both. @param points on either side */
export function c2stError(points: number): number {
  return Math.sqrt(1 / (4 * points));
}
