/** Whether the model describes an item's data at all: χ² of the fit against the number of data. */
import type { PosteriorItem } from './item.ts';
import type { ItemSummary } from './item-summary.ts';
import { type MisfitWords, PLAIN_MISFIT } from './options.ts';

/** Standard deviations of χ² beyond which it is no accident: one item in a million and a half is. */
export const BEYOND = 5;
/** A misfit whose χ² is off by more than this factor: harder sampling finds the wrong posterior of the wrong model more exactly, no more. */
const HOPELESS = 2;

/** χ² over N data scatters by √(2/N) around 1. Without a number of data nothing is judged. */
export function goodness(
  { chi2, dataCount }: PosteriorItem['fit'],
  { data }: MisfitWords = PLAIN_MISFIT,
): Pick<ItemSummary, 'chi2PerDatum' | 'misfit' | 'notAgain'> {
  if (dataCount === undefined) return {};
  const chi2PerDatum = chi2 / dataCount;
  // Written so that NaN is a misfit, and hopeless.
  const misfit = !(Math.abs(chi2 - dataCount) <= BEYOND * Math.sqrt(2 * dataCount));
  const hopeless = misfit && !(chi2PerDatum < HOPELESS && chi2PerDatum > 1 / HOPELESS);
  return {
    chi2PerDatum,
    misfit,
    ...(hopeless && {
      notAgain: `the model does not describe their ${data.many}, and more draws would not change that`,
    }),
  };
}
