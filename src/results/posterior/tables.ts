/** Tables of posteriors in their plain form: summary.csv, convergence.json, truth.json. */
import { canonicalJson } from '../../bundle/json.ts';
import { summaryCsv as csvOf } from '../summary-csv.ts';
import { finite } from './bias-results.ts';
import { fileColumns } from './columns.ts';
import type { PosteriorItem } from './item.ts';
import type { ItemSummary } from './item-summary.ts';
import { predictiveFields } from './predictive-json.ts';

/** Text of convergence.json: diagnostics of chains; of independent draws their number and the share that was rejected. */
export function convergenceJson({ chains, draws }: PosteriorItem, summary: ItemSummary): string {
  const { sampling, rejected = 0, predictive, parameters, bfmi, converged, problems } = summary;
  const common = { n_samples: chains * draws, n_attempts: summary.attempts, converged, problems: [...problems] };
  if (sampling === 'independent')
    return canonicalJson({ ...common, sampling, rejected_frac: rejected, ...predictiveFields(predictive) });
  const column = (key: 'rhat' | 'essBulk') =>
    Object.fromEntries(parameters.map((parameter) => [parameter.name, finite(parameter[key])]));
  return canonicalJson({
    ...common,
    n_chains: chains,
    rhat: column('rhat'),
    ess: column('essBulk'),
    divergences: summary.divergences,
    divergence_frac: finite(summary.divergenceFraction),
    bfmi: bfmi.map(finite),
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
