/** A bundle's tables as SHINE writes them, wherever there is a shear; plain elsewhere. */

import { yesNo } from '../../../results/file-column.ts';
import type { PosteriorForms } from '../../../results/posterior/forms.ts';
import { halvesRhat } from '../../../results/posterior/halves.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { type ItemSummary, named, passesLooser, unfit } from '../../../results/posterior/item-summary.ts';
import { fitFields } from '../../../results/posterior/residuals-json.ts';
import * as plain from '../../../results/posterior/tables.ts';
import { biasResultsJson } from './bias-results.ts';
import {
  type ShineConvergence,
  type ShineEstimate,
  shineConvergenceJson,
  shineSummaryCsv,
  shineTruthJson,
  UNFIT,
} from './files.ts';
import { judgedItems, type Level } from './levels.ts';
import { SHEAR } from './thresholds.ts';

/** @param levelOf SHINE's level of a preset; without it a run has none, and nothing is judged by one */
export function shineForms(levelOf?: (preset: string) => Level): PosteriorForms {
  return {
    convergenceJson: (item, summary) =>
      summary.sampling === 'independent'
        ? plain.convergenceJson(item, summary)
        : shineConvergenceJson(convergenceOf(item, summary)),
    // SHINE's rule for draws that come from no chain (`commands/extract-command.ts`); it knows no flow.
    inferenceMethod: ({ sampling, parameters }) =>
      sampling === 'independent' && SHEAR.every((name) => parameters.some((each) => each.name === name))
        ? 'vi'
        : undefined,
    truthJson: (item) => {
      const { truth, seed } = item.info;
      return SHEAR.every((name) => name in truth) ? shineTruthJson({ ...truth, seed }) : plain.truthJson(item);
    },
    summaryCsv,
    judged: (items, preset) => judgedItems(items, levelOf?.(preset)),
    biasResultsJson: (items, statistics, preset) => biasResultsJson({ level: levelOf?.(preset), items, statistics }),
  };
}

/** Diagnostics in SHINE's words, for every sampled parameter (SHINE lists g1 and g2). */
function convergenceOf(item: PosteriorItem, summary: ItemSummary): ShineConvergence {
  const column = (key: 'rhat' | 'essBulk') =>
    Object.fromEntries(summary.parameters.map((parameter) => [parameter.name, parameter[key]]));
  return {
    rhat: item.sampling === 'independent' ? rhatOfHalves(item) : column('rhat'),
    ess: column('essBulk'),
    divergences: summary.divergences,
    divergenceFraction: summary.divergenceFraction,
    bfmi: summary.bfmi,
    samples: item.chains * item.draws,
    chains: item.chains,
    attempts: summary.attempts,
    fit: fitFields(summary),
  };
}

const rhatOfHalves = ({ parameters }: PosteriorItem) =>
  Object.fromEntries(parameters.map(({ name, values }) => [name, halvesRhat(values)]));

function summaryCsv(
  items: readonly PosteriorItem[],
  summaries: readonly ItemSummary[],
  names: readonly string[],
): string {
  const found = summaries[0]?.parameters.map(({ name }) => name) ?? names;
  if (!SHEAR.every((name) => found.includes(name))) return plain.summaryCsv(summaries, names);
  return shineSummaryCsv(
    summaries.map((summary, i) => ({
      runId: summary.info.runId,
      truth: { ...summary.info.truth, seed: summary.info.seed },
      g1: estimate(summary, 'g1'),
      g2: estimate(summary, 'g2'),
      convergence: convergenceOf(items[i], summary),
      passed: passesLooser(summary),
      more: moreColumns(summary),
    })),
  );
}

function moreColumns(summary: ItemSummary): Readonly<Record<string, string | number | undefined>> {
  const { chi2PerDatum, fit, misfit, rejected, sampling } = summary;
  return {
    ...(sampling === 'independent' && { rejected_frac: rejected ?? 0 }),
    ...(chi2PerDatum !== undefined && { chi2_per_pixel: chi2PerDatum, [UNFIT]: yesNo(unfit({ misfit, fit })) }),
  };
}

function estimate(summary: ItemSummary, name: string): ShineEstimate {
  const { mean, median, sdPopulation } = named(summary, name);
  return { mean, median, std: sdPopulation };
}
