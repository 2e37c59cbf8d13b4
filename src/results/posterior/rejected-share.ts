/** Independent draws of which some were thrown away. */
import type { PosteriorItem } from './item.ts';

/** Of the draws up to the last one kept. Undefined where their numbers were not recorded. */
export function rejectedShare({ stats }: PosteriorItem): number | undefined {
  const kept = stats.find(({ name }) => name === 'accepted_index')?.values;
  return kept && kept.length > 0 ? 1 - kept.length / (kept[kept.length - 1] + 1) : undefined;
}
