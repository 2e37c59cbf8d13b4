/** Colours of tokens: counts on the page's scale for amounts, masks in a grey of their own under a hatch. */

import { colormap } from '../../../ui/charts/colormap.ts';
import type { Bins } from '../data/types.ts';

/** Below 1: low counts, which are most, are told apart better than high ones. */
const SPREAD = 0.65;

/** [r, g, b] of each bin, low to high. */
export function binColours(bins: number): readonly (readonly [number, number, number])[] {
  const map = colormap('amount');
  const entries = map.length / 4;
  return Array.from({ length: bins }, (_, bin) => {
    const at = 4 * Math.round((bin / Math.max(1, bins - 1)) ** SPREAD * (entries - 1));
    return [map[at], map[at + 1], map[at + 2]] as const;
  });
}

/** What a bin holds, in molecules: "0", "8 to 11", "91 or more"; of quantiles its number. */
export function binWords({ edges, count }: Bins, bin: number): string {
  if (!edges) return bin === 0 ? '0' : `quantile ${bin} of ${count - 1}`;
  const from = edges[bin];
  if (bin === count - 1) return `${from} or more`;
  const to = edges[bin + 1] - 1;
  return to === from ? String(from) : `${from} to ${to}`;
}

/** The same for a legend: "0", "8", "91+". */
export function binMark(bins: Bins, bin: number): string {
  if (!bins.edges) return String(bin);
  return bin === bins.count - 1 ? `${bins.edges[bin]}+` : String(bins.edges[bin]);
}
