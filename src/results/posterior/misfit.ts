/** What is said of items that model and noise do not describe, and of a run whose noise is not what the model takes it for. */
import { BEYOND } from './goodness.ts';
import { type ItemSummary, unfit } from './item-summary.ts';
import { type MisfitWords, PLAIN_MISFIT } from './options.ts';
import { noiseSizeAlone, type PooledResiduals, pooledResiduals } from './pooled-residuals.ts';
import type { Measured, ResidualCheck } from './residuals.ts';

/** Where correlated noise comes from and what to do. */
const CORRELATED_FROM =
  'Data that were resampled (drizzled, warped, stacked) have such noise, and a background that was not taken off looks like it: fit data as they were taken, or widen the intervals.';
/** Items named at most. */
const NAMED = 3;

/** Warnings about what the model does not describe: the size of χ², correlated noise, noise of another size. None when all is well. */
export function misfitLines(summaries: readonly ItemSummary[], words: MisfitWords = PLAIN_MISFIT): string[] {
  return [...chi2Lines(summaries, words), ...residualLines(summaries, words)];
}

/** What a verdict adds where converged chains are not enough, as a sentence without its end; undefined where all is well. */
export function misfitClause(summaries: readonly ItemSummary[], words: MisfitWords = PLAIN_MISFIT): string | undefined {
  const count = summaries.filter(unfit).length;
  const { data } = words;
  if (count > 0)
    return `model and noise do not describe the ${count === 1 ? data.one : data.many} of ${count} of ${summaries.length}`;
  const pooled = pooledResiduals(summaries);
  if (!pooled?.correlated && !pooled?.scatters) return undefined;
  return `the noise of the ${data.many} is not what was given`;
}

function chi2Lines(summaries: readonly ItemSummary[], { datum, data, check }: MisfitWords): string[] {
  const bad = summaries.filter(({ misfit }) => misfit);
  if (bad.length === 0) return [];
  const distance = ({ chi2PerDatum = Number.NaN }: ItemSummary) =>
    Number.isNaN(chi2PerDatum) ? Number.POSITIVE_INFINITY : Math.abs(Math.log(chi2PerDatum));
  const named = listed(
    bad.toSorted((a, b) => distance(b) - distance(a)),
    ({ chi2PerDatum }) => `χ²/${datum.one} ${rounded(chi2PerDatum ?? Number.NaN)}`,
  );
  return [
    `The model does not describe the ${data.one} of ${bad.length} of ${summaries.length}: ${named}. Their χ² is more than ${BEYOND} standard deviations from one a ${datum.one}: ${check}.${borderHint(bad, datum)} Their intervals are not to be believed, however well the chains converged.`,
  ];
}

/** Where the noise at the border explains χ², it is the noise that is wrong. */
function borderHint(bad: readonly ItemSummary[], { many }: MisfitWords['datum']): string {
  if (!bad.every(noiseSizeAlone)) return '';
  const found = bad.map(({ fit }) => fit.residuals!.border.value).sort((a, b) => a - b)[bad.length >> 1];
  return ` The ${many} at the border scatter by ${rounded(found)} times the noise that was given: it is the noise that is wrong.`;
}

function residualLines(summaries: readonly ItemSummary[], { datum, data }: MisfitWords): string[] {
  const pooled = pooledResiduals(summaries);
  if (!pooled) return [];
  const { neighbours, items } = pooled;
  const lines: string[] = [];
  const few = summaries.filter((summary) => summary.fit.residuals?.correlated && !isMisfit(summary));
  if (pooled.correlated) {
    const found = neighbours.map((each) => `${withSd(each)} along ${each.along}`).join(', ');
    lines.push(
      `The noise of neighbouring ${datum.many} is correlated: ${found}, over ${items} ${items === 1 ? data.one : data.many}, where 0 is expected. ${widthWords(pooled.widthFactor)} ${CORRELATED_FROM}`,
    );
  } else if (few.length > 0) {
    const named = listed(few, ({ fit }) => {
      const worst = strongest(fit.residuals!);
      return `${withSd(worst)} along ${worst.along}`;
    });
    lines.push(
      `What the fit leaves of neighbouring ${datum.many} is correlated in ${few.length} of ${summaries.length}: ${named}, where 0 is expected. Their intervals are not to be believed. ${CORRELATED_FROM}`,
    );
  }
  return [...lines, ...borderLines(summaries, pooled, datum)];
}

/** Of items that χ² did not mark: with it, all has been said. */
function borderLines(
  summaries: readonly ItemSummary[],
  pooled: PooledResiduals,
  { many }: MisfitWords['datum'],
): string[] {
  const rest = summaries.filter(({ misfit, fit }) => !misfit && fit.residuals);
  if (pooled.scatters && rest.length > summaries.length / 2) {
    return [
      `The ${many} at the border scatter by ${withSd(pooled.border)} times the noise that was given: give that, or look for what else is there. Intervals are too ${pooled.border.value > 1 ? 'narrow' : 'wide'} by as much.`,
    ];
  }
  const few = rest.filter(({ fit }) => fit.residuals?.scatters);
  if (few.length === 0) return [];
  const named = listed(few, ({ fit }) => `${withSd(fit.residuals!.border)} times`);
  return [
    `The ${many} at the border do not scatter by the noise that was given in ${few.length} of ${summaries.length}: ${named}. Their intervals are not to be believed.`,
  ];
}

const isMisfit = (summary: ItemSummary) => summary.misfit === true && !noiseSizeAlone(summary);

/** What correlations do to intervals, in a sentence. */
export function widthWords(factor: number): string {
  if (!(factor > 0.2)) return 'Intervals are not to be believed.';
  if (factor > 1.05) return `Intervals are about ${rounded(factor, 2)} times too narrow.`;
  if (factor < 0.95) return `Intervals are about ${rounded(1 / factor, 2)} times too wide.`;
  return 'Intervals hardly change by it.';
}

function strongest({ neighbours }: ResidualCheck) {
  return neighbours.reduce((most, each) =>
    Math.abs(each.value / each.sd) > Math.abs(most.value / most.sd) ? each : most,
  );
}

function listed(items: readonly ItemSummary[], about: (item: ItemSummary) => string): string {
  const named = items.slice(0, NAMED).map((item) => `${item.info.runId} (${about(item)})`);
  return named.join(', ') + (items.length > NAMED ? ` and ${items.length - NAMED} more` : '');
}

/** To the digit that its error leaves. */
function withSd({ value, sd }: Measured): string {
  const decimals = Math.min(6, Math.max(2, -Math.floor(Math.log10(sd))));
  return `${value.toFixed(decimals)} ± ${sd.toFixed(decimals)}`;
}

function rounded(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)));
}
