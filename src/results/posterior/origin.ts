/** Where places are counted from: the additive bias is then an offset between estimate and truth, wherever the image has its corner. */
export function originOf(points: readonly { readonly truth: number }[]): number {
  return points.reduce((sum, { truth }) => sum + truth, 0) / points.length;
}
