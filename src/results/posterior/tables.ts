/** Tables of posteriors in their plain form: summary.csv, convergence.json, truth.json, items.json. */
import { encodeCsv } from '../../bundle/csv.ts';
import { canonicalJson } from '../../bundle/json.ts';
import { finite } from './bias-results.ts';
import type { PosteriorItem } from './item.ts';
import { type ItemSummary, type NamedSummary, passesLooser } from './item-summary.ts';

/** Text of convergence.json: diagnostics of chains; of independent draws their number and the share that was rejected. */
export function convergenceJson({ chains, draws }: PosteriorItem, summary: ItemSummary): string {
  const { sampling, rejected = 0, parameters, bfmi, converged, problems } = summary;
  const common = { n_samples: chains * draws, n_attempts: summary.attempts, converged, problems: [...problems] };
  if (sampling === 'independent') return canonicalJson({ ...common, sampling, rejected_frac: rejected });
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
  return summaries[0]?.sampling === 'independent'
    ? independentSummaryCsv(found, summaries)
    : chainsSummaryCsv(found, summaries);
}

/** @throws RangeError for a parameter that it does not have */
export function named(summary: ItemSummary, name: string): NamedSummary {
  const found = summary.parameters.find((parameter) => parameter.name === name);
  if (!found) throw new RangeError(`${summary.info.runId} has no parameter "${name}".`);
  return found;
}

function chainsSummaryCsv(names: readonly string[], summaries: readonly ItemSummary[]): string {
  const header = [
    'run_id',
    ...names.map((name) => `${name}_true`),
    ...names.flatMap((name) => [`${name}_mean`, `${name}_median`, `${name}_std`]),
    ...names.map((name) => `rhat_${name}`),
    ...names.map((name) => `ess_${name}`),
    'divergences',
    'divergence_frac',
    'passed_convergence',
    'seed',
  ];
  const rows = summaries.map((summary) => {
    const parameters = names.map((name) => named(summary, name));
    return [
      summary.info.runId,
      ...names.map((name) => summary.info.truth[name]),
      ...parameters.flatMap(({ mean, median, sdPopulation }) => [mean, median, sdPopulation]),
      ...parameters.map(({ rhat }) => rhat),
      ...parameters.map(({ essBulk }) => essBulk),
      summary.divergences,
      summary.divergenceFraction,
      passesLooser(summary) ? 'True' : 'False',
      summary.info.seed,
    ];
  });
  return encodeCsv(header, rows);
}

/** Without chains there is no R̂ and no divergence. */
function independentSummaryCsv(names: readonly string[], summaries: readonly ItemSummary[]): string {
  const header = [
    'run_id',
    ...names.map((name) => `${name}_true`),
    ...names.flatMap((name) => [`${name}_mean`, `${name}_median`, `${name}_std`, `${name}_mcse`]),
    'draws',
    'rejected_frac',
    'passed_convergence',
    'seed',
  ];
  const rows = summaries.map((summary) => {
    const parameters = names.map((name) => named(summary, name));
    return [
      summary.info.runId,
      ...names.map((name) => summary.info.truth[name]),
      ...parameters.flatMap(({ mean, median, sdPopulation, mcse }) => [mean, median, sdPopulation, mcse]),
      parameters[0].essBulk,
      summary.rejected ?? 0,
      passesLooser(summary) ? 'True' : 'False',
      summary.info.seed,
    ];
  });
  return encodeCsv(header, rows);
}

/** Text of items.json: for each item what is not in its draws: place in the run, truth in full, the fit, the work done. */
export function itemsJson(items: readonly PosteriorItem[], summaries: readonly ItemSummary[]): string {
  return canonicalJson({
    items: items.map(({ info, fit, gradients, sampling }, i) => ({
      run_id: info.runId,
      index: info.index,
      seed: info.seed,
      truth: finiteOnly(info.truth),
      observation: info.observation,
      fit: {
        mean: fit.mean.map(finite),
        sd: fit.sd.map(finite),
        chi2: finite(fit.chi2),
        data_count: fit.dataCount,
      },
      gradients,
      sampling,
      attempts: summaries[i].attempts,
    })),
  });
}

function finiteOnly(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}
