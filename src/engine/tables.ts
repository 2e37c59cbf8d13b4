/** Tables of a run: summary.csv in SHINE's columns, timing.csv, memory.csv, failures.json. */
import { encodeCsv } from '../bundle/csv.ts';
import { canonicalJson } from '../bundle/json.ts';
import {
  type ShineConvergence,
  type ShineEstimate,
  shineConvergenceJson,
  shineSummaryCsv,
  shineTruthJson,
} from '../bundle/shine.ts';
import { type BufferPlan, planBytes } from '../gpu/plan.ts';
import type { PosteriorItem } from '../workloads/workload.ts';
import type { ChunkTiming, RunController } from './controller.ts';
import type { RunPlan } from './plan-run.ts';
import type { ItemSummary, NamedSummary } from './progress.ts';
import { unrescuedLines } from './unrescued.ts';

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

/** Text of timing.csv, one line a chunk. Milliseconds. */
export function timingCsv(timings: readonly ChunkTiming[]): string {
  return encodeCsv(
    ['rescue', 'chunk', 'items', 'finished', 'wall_ms', 'busy_ms', 'busy_clock', 'gradients'],
    timings.map((t) => [t.rescue, t.chunk, t.items, t.finished, t.wallMs, t.busyMs, t.clock, t.gradients]),
  );
}

/**
 * Text of memory.csv: for the first pass, and for each rescue that may follow it, one line a buffer, largest first, and their total. A
 * rescue takes them when it begins, after the pass before it has freed its own, and less where fewer items are sampled again.
 */
export function memoryCsv({ chunk, buffers, rescues }: Pick<RunPlan, 'chunk' | 'buffers' | 'rescues'>): string {
  const planned = rescues.filter(({ tooLarge }) => tooLarge === undefined);
  return encodeCsv(
    ['buffer', 'role', 'bytes', 'bytes_per_item', 'formula', 'rescue', 'chunk'],
    [{ rescue: 0, chunk, buffers }, ...planned].flatMap((pass) => memoryRows(pass.buffers, [pass.rescue, pass.chunk])),
  );
}

function memoryRows(plan: BufferPlan, pass: readonly number[]): (string | number)[][] {
  const buffers = plan.buffers.toSorted((a, b) => b.bytes - a.bytes);
  return [
    ...buffers.map((b) => [b.name, b.role, b.bytes, b.bytesPerItem, b.formula, ...pass]),
    ['total', '', planBytes(plan), buffers.reduce((sum, b) => sum + b.bytesPerItem, 0), '', ...pass],
  ];
}

/**
 * Text of failures.json: items without a result, items whose posterior did not converge or was rescued, every split, loss and retry, and
 * how the run ended.
 */
export function failuresJson(run: RunController): string {
  const { events, outcome, problem, store } = run;
  return canonicalJson({
    state: outcome?.state ?? 'running',
    error: outcome?.error && { name: outcome.error.name, message: outcome.error.message },
    failed: store.failed().map(({ info, error, reason }) => ({
      run_id: info.runId,
      index: info.index,
      seed: info.seed,
      error,
      reason,
    })),
    not_converged: store
      .summaries()
      .filter(({ converged }) => !converged)
      .map(({ info, problems, attempts }) => ({ run_id: info.runId, index: info.index, attempts, problems })),
    events: events.map(({ atMs, kind, message, items, chunkBefore, chunkAfter, reason }) => ({
      at_ms: atMs,
      kind,
      message,
      items: items?.map((index) => problem.items[index].runId),
      indices: items,
      chunk_before: chunkBefore,
      chunk_after: chunkAfter,
      reason,
    })),
    not_sampled_again: unrescuedLines(run),
    rescued: store
      .summaries()
      .filter(({ converged, attempts }) => converged && attempts > 1)
      .map(({ info, attempts }) => ({ run_id: info.runId, index: info.index, attempts })),
  });
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
