/** Tables of posteriors: summary.csv in SHINE's columns, convergence.json, truth.json, items.json. */
import { encodeCsv } from '../../bundle/csv.ts';
import { canonicalJson } from '../../bundle/json.ts';
import {
  type ShineConvergence,
  type ShineEstimate,
  shineConvergenceJson,
  shineSummaryCsv,
  shineTruthJson,
} from '../../bundle/shine.ts';
import type { PosteriorItem } from './item.ts';
import type { ItemSummary, NamedSummary } from './item-summary.ts';

/** Text of convergence.json: SHINE's of chains; of independent draws their number and the share that was rejected. */
export function convergenceJson(item: PosteriorItem, summary: ItemSummary): string {
  if (summary.sampling !== 'independent') return shineConvergenceJson(convergenceOf(item, summary));
  return canonicalJson({
    sampling: summary.sampling,
    n_samples: item.chains * item.draws,
    rejected_frac: summary.rejected ?? 0,
    converged: summary.converged,
    problems: [...summary.problems],
    n_attempts: summary.attempts,
  });
}

/** Text of truth.json: SHINE's keys where there is a shear, every known value elsewhere. */
export function truthJson({ info: { truth, seed } }: PosteriorItem): string {
  const shear = 'g1' in truth && 'g2' in truth;
  return shear ? shineTruthJson({ ...truth, seed }) : canonicalJson({ ...finite(truth), seed });
}

/** Diagnostics in SHINE's words, for every sampled parameter (SHINE lists g1 and g2). */
export function convergenceOf(item: PosteriorItem, summary: ItemSummary): ShineConvergence {
  const column = (key: 'rhat' | 'essBulk') =>
    Object.fromEntries(summary.parameters.map((parameter) => [parameter.name, parameter[key]]));
  return {
    rhat: column('rhat'),
    ess: column('essBulk'),
    divergences: summary.divergences,
    divergenceFraction: summary.divergenceFraction,
    bfmi: summary.bfmi,
    samples: item.chains * item.draws,
    chains: item.chains,
    attempts: summary.attempts,
  };
}

/** Text of summary.csv, one line an item: SHINE's columns where there is a shear, the same columns by parameter elsewhere. */
export function summaryCsv(items: readonly PosteriorItem[], summaries: readonly ItemSummary[]): string {
  const names = summaries[0]?.parameters.map(({ name }) => name) ?? ['g1', 'g2'];
  if (summaries[0]?.sampling === 'independent') return independentSummaryCsv(names, summaries);
  if (!names.includes('g1') || !names.includes('g2')) return plainSummaryCsv(names, summaries);
  return shineSummaryCsv(
    summaries.map((summary, i) => ({
      runId: summary.info.runId,
      truth: { ...summary.info.truth, seed: summary.info.seed },
      g1: estimate(summary, 'g1'),
      g2: estimate(summary, 'g2'),
      convergence: convergenceOf(items[i], summary),
      passed: summary.passedShine,
    })),
  );
}

function estimate(summary: ItemSummary, name: string): ShineEstimate {
  const { mean, median, sdPopulation } = named(summary, name);
  return { mean, median, std: sdPopulation };
}

function named(summary: ItemSummary, name: string): NamedSummary {
  const found = summary.parameters.find((parameter) => parameter.name === name);
  if (!found) throw new RangeError(`${summary.info.runId} has no parameter "${name}".`);
  return found;
}

function plainSummaryCsv(names: readonly string[], summaries: readonly ItemSummary[]): string {
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
      summary.passedShine ? 'True' : 'False',
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
      summary.passedShine ? 'True' : 'False',
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
      truth: finite(info.truth),
      observation: info.observation,
      fit: {
        mean: fit.mean.map(finiteOrNull),
        sd: fit.sd.map(finiteOrNull),
        chi2: finiteOrNull(fit.chi2),
        data_count: fit.dataCount,
      },
      gradients,
      sampling,
      attempts: summaries[i].attempts,
    })),
  });
}

/** JSON has no word for NaN and infinities. */
function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function finite(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}
