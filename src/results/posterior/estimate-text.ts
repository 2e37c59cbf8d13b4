/** A marginal posterior in a few words: mean ± sd, or an interval for each of its peaks. */
import type { Peak } from '../../stats/peaks.ts';
import { atError, withError } from '../number-text.ts';
import type { NamedSummary } from './item-summary.ts';

/** What the intervals are, for explanations. */
export const PEAKS_ABOUT =
  'Where the draws have several peaks, with hardly any in between, a mean would stand where none is: each peak’s shortest interval with 95 % of its draws is given instead.';

/** "0.021 ± 0.002", or "−0.86 … −0.65 or 0.43 … 0.62". */
export function estimateText({ mean, sd, peaks }: Pick<NamedSummary, 'mean' | 'sd' | 'peaks'>): string {
  return peaks ? peaks.map(intervalText).join(' or ') : withError(mean, sd);
}

/** With the share of the draws that each peak has. */
export function peaksText(peaks: readonly Peak[]): string {
  return peaks.map((peak) => `${intervalText(peak)} (${Math.round(100 * peak.share)} %)`).join(' or ');
}

/** Ends to two digits of the interval's length. */
function intervalText({ low, high }: Peak): string {
  const length = high - low;
  return `${atError(low, length)} … ${atError(high, length)}`;
}
