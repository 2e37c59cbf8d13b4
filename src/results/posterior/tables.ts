/** Tables of posteriors in their plain form: summary.csv, convergence.json, truth.json. */
import { canonicalJson } from '../../bundle/json.ts';
import { summaryCsv as csvOf } from '../summary-csv.ts';
import { finite } from './bias-results.ts';
import { fileColumns } from './columns.ts';
import { halvesRhat } from './halves.ts';
import type { PosteriorItem } from './item.ts';
import type { ItemSummary } from './item-summary.ts';
import { predictiveFields } from './predictive-json.ts';
import { fitFields } from './residuals-json.ts';

/**
 * Text of convergence.json: diagnostics of chains. Independent draws have the same keys, so that a reader of chains finds what it looks for
 * (R̂ of their two halves, their number for ESS, nothing diverged), with `sampling`, the share that was rejected, and how the observation
 * compares with simulations.
 */
export function convergenceJson(item: PosteriorItem, summary: ItemSummary): string {
  const { chains, draws } = item;
  const { sampling, rejected = 0, predictive, parameters, bfmi, converged, problems } = summary;
  const column = (value: (at: number) => number) =>
    Object.fromEntries(parameters.map(({ name }, at) => [name, finite(value(at))]));
  const independent = sampling === 'independent';
  return canonicalJson({
    ...(independent && { sampling, rejected_frac: rejected, ...predictiveFields(predictive) }),
    n_samples: chains * draws,
    n_chains: chains,
    n_attempts: summary.attempts,
    converged,
    problems: [...problems],
    rhat: column((at) => (independent ? halvesRhat(item.parameters[at].values) : parameters[at].rhat)),
    ess: column((at) => parameters[at].essBulk),
    divergences: summary.divergences,
    divergence_frac: finite(summary.divergenceFraction),
    bfmi: bfmi.map(finite),
    ...fitFields(summary),
  });
}

/** Text of truth.json: every known value. */
export function truthJson({ info: { truth, seed } }: PosteriorItem): string {
  return canonicalJson({ ...finiteOnly(truth), seed });
}

/** Text of summary.csv, one line an item. @param names of the parameters, for the header of a table without items */
export function summaryCsv(summaries: readonly ItemSummary[], names: readonly string[]): string {
  const found = summaries[0]?.parameters.map(({ name }) => name) ?? names;
  return csvOf(fileColumns(found, summaries[0]?.sampling), summaries);
}

export function finiteOnly(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}
