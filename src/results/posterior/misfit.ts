/** Whether the model describes the data at all: χ² of the fit against the number of data. */
import type { PosteriorItem } from './item.ts';
import type { ItemSummary } from './item-summary.ts';
import { type MisfitWords, PLAIN_MISFIT } from './options.ts';

/** Standard deviations of χ² beyond which it is no accident: one item in a million and a half is. */
const BEYOND = 5;
/** Items named at most. */
const NAMED = 3;

/** χ² over N data scatters by √(2/N) around 1. Without a number of data nothing is judged. */
export function goodness({ chi2, dataCount }: PosteriorItem['fit']): Pick<ItemSummary, 'chi2PerDatum' | 'misfit'> {
  if (dataCount === undefined) return {};
  // Written so that NaN is a misfit.
  return { chi2PerDatum: chi2 / dataCount, misfit: !(Math.abs(chi2 - dataCount) <= BEYOND * Math.sqrt(2 * dataCount)) };
}

/** One line about the items that the model does not describe, the worst named; none when it describes all. */
export function misfitLines(summaries: readonly ItemSummary[], words: MisfitWords = PLAIN_MISFIT): string[] {
  const bad = summaries.filter(({ misfit }) => misfit);
  if (bad.length === 0) return [];
  const { datum, data, check } = words;
  const distance = ({ chi2PerDatum = Number.NaN }: ItemSummary) =>
    Number.isNaN(chi2PerDatum) ? Number.POSITIVE_INFINITY : Math.abs(Math.log(chi2PerDatum));
  const named = bad
    .toSorted((a, b) => distance(b) - distance(a))
    .slice(0, NAMED)
    .map(({ info, chi2PerDatum }) => `${info.runId} (χ²/${datum.one} ${Number(chi2PerDatum?.toPrecision(3))})`);
  const others = bad.length > NAMED ? ` and ${bad.length - NAMED} more` : '';
  return [
    `The model does not describe the ${data.one} of ${bad.length} of ${summaries.length}: ${named.join(', ')}${others}. Their χ² is more than ${BEYOND} standard deviations from one a ${datum.one}: ${check}.`,
  ];
}
