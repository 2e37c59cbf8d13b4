import type { Bins } from '../data/types.ts';

/** Least count of each bin; of quantile bins, which have none of their own, the number of the bin. */
export function binEdges({ edges, count }: Bins): readonly number[] {
  return edges ?? Array.from({ length: count }, (_, bin) => bin);
}
