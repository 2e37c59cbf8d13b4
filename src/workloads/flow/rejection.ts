/** When drawing until enough are accepted has no end that anybody would see. */

/** How far above the share that was found the true one may lie: five standard errors, and ten draws more for small counts. */
const ERRORS = 5;
const MORE = 10;

/**
 * Whether the draws that are allowed cannot come to as many accepted ones as are wanted, even were the share of accepted ones as high as what
 * was drawn so far leaves possible. It hangs on the counts alone, so the answer is the same however draws are packed into rounds.
 */
export function outOfReach(wanted: number, accepted: number, drawn: number, limit: number): boolean {
  const highest = (accepted + ERRORS * Math.sqrt(accepted + 1) + MORE) / drawn;
  return accepted + (limit - drawn) * highest < wanted;
}
