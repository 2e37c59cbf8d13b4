/** A run back from its bundle: configuration, posteriors, summaries, and how it went. Needs no device. */
import { decodeCsv } from '../../bundle/csv.ts';
import { FileError } from '../../bundle/file-error.ts';
import type { OwnFiles } from '../../bundle/own-file.ts';
import { type VerifiedBundle, type VerifyOptions, verifyBundle } from '../../bundle/read-bundle.ts';
import { type Fields, fieldsOf, listOf, numberOf, textOf, wrongType } from '../../bundle/untrusted-json.ts';
import type { BufferPlan, BufferRole } from '../../gpu/plan.ts';
import type { ResultKind } from '../../results/kind.ts';
import { METRICS_PATH } from '../../results/posterior/quality/metrics-json.ts';
import { readMetrics } from '../../results/posterior/quality/read-metrics.ts';
import type { RunQuality } from '../../results/posterior/quality/types.ts';
import { ConfigError, type CpuArithmetic, type KernelShape, type Problem } from '../../workloads/workload.ts';
import { recordedFiles } from '../config/own-files.ts';
import { findWorkload, fromJson, type Registry, type RunConfig } from '../config/run-config.ts';
import type { RunEvent } from '../run/events.ts';
import { NO_MEMORY } from '../run/memory-use.ts';
import type { FailedItem, RunOutcome } from '../run/progress.ts';
import { ResultStore, resultsOf } from '../run/store.ts';
import type { RunMode } from '../run-mode.ts';
import { readEvents } from './read-events.ts';

/** What a bundle brings back. */
export interface OpenedBundle {
  readonly name: string;
  readonly resultId: string;
  /** Files that were verified. */
  readonly files: number;
  readonly config: RunConfig;
  readonly mode: RunMode;
  /** What computed on the CPU; absent on an adapter, and in bundles of earlier versions. */
  readonly cpu?: CpuArithmetic;
  /** Files of the user's that it took. */
  readonly ownFiles: OwnFiles;
  readonly store: ResultStore;
  readonly parameters: Problem['parameters'];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly chunk: number;
  readonly buffers: BufferPlan;
  /** The record of its kernels' shape; empty on the CPU. */
  readonly shape: KernelShape['record'];
  /** The WGSL that ran, by file name. */
  readonly shaders: Readonly<Record<string, string>>;
  readonly outcome: RunOutcome;
  /** How its posteriors compare with exact ones, where that was asked. */
  readonly quality?: RunQuality;
  /** What the run survived, or did not. */
  readonly events: readonly RunEvent[];
}

/**
 * Verifies and reads a bundle.
 * @throws FileError naming the file at fault; ConfigError for a configuration that this version does not know.
 */
export async function openBundle(
  name: string,
  blob: Blob,
  registry: Registry,
  options: VerifyOptions = {},
): Promise<OpenedBundle> {
  const bundle = await verifyBundle(name, blob, options);
  const config = await readConfig(bundle, registry);
  const ran = fieldsOf(name, 'run.json', fieldsOf(name, 'run.json', await bundle.json('run.json')).ran);
  const workload = findWorkload(config.workload, registry);
  const { results } = workload;
  const files = await results.files();
  const store = new ResultStore();
  // Bundles of earlier versions have it under the name that the tuner's file has now.
  const file = bundle.manifest.files.some(({ path }) => path === 'items.json') ? 'items.json' : 'tuning.json';
  for (const entry of listOf(name, file, fieldsOf(name, file, await bundle.json(file)).items)) {
    options.signal?.throwIfAborted();
    const fields = fieldsOf(name, file, entry);
    const item = await files.readItem(bundle, file, fields);
    store.take(results, item, numberOf(name, file, fields.attempts));
  }
  const failures = fieldsOf(name, 'failures.json', await bundle.json('failures.json'));
  for (const failed of listOf(name, 'failures.json', failures.failed)) store.fail(failedItem(name, failed));
  const chunk = numberOf(name, 'run.json', ran.chunk);
  const measured = bundle.manifest.files.some(({ path }) => path === METRICS_PATH);
  return {
    name,
    resultId: bundle.manifest.resultId,
    files: bundle.manifest.files.length,
    config,
    mode: ran.mode === 'webgpu' ? 'webgpu' : 'cpu',
    ...(ran.cpu !== undefined && { cpu: readArithmetic(name, ran.cpu) }),
    ownFiles: recordedFiles(workload, ran),
    store,
    parameters: listOf(name, 'run.json', ran.parameters).map((parameter) => {
      const fields = fieldsOf(name, 'run.json', parameter);
      const [label, unit, help] = [fields.name, fields.unit, fields.help].map((text) => textOf(name, 'run.json', text));
      return { name: label, unit, help };
    }),
    notes: listOf(name, 'run.json', ran.notes).map((note) => textOf(name, 'run.json', note)),
    // Bundles of earlier versions have none.
    warnings: listOf(name, 'run.json', ran.warnings ?? []).map((warning) => textOf(name, 'run.json', warning)),
    chunk,
    buffers: await readBuffers(bundle, chunk),
    shape: ran.shape ? readShape(name, fieldsOf(name, 'run.json', ran.shape)) : {},
    shaders: await readShaders(bundle),
    ...(measured && { quality: readMetrics(name, await bundle.json(METRICS_PATH)) }),
    outcome: await readOutcome(bundle, results, store, textOf(name, 'failures.json', failures.state), ran),
    events: readEvents(name, failures),
  };
}

function readArithmetic(name: string, value: unknown): CpuArithmetic {
  const fields = fieldsOf(name, 'run.json', value);
  const precision = textOf(name, 'run.json', fields.precision) === 'f32' ? 'f32' : 'f64';
  return { name: textOf(name, 'run.json', fields.name), precision };
}

async function readConfig(bundle: VerifiedBundle, registry: Registry): Promise<RunConfig> {
  try {
    return fromJson(await bundle.text('run.json'), registry);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const advice = 'Open it with the version of Lockstep that made it (see environment.json).';
    throw new FileError(bundle.name, `run.json: ${error.field}: ${error.message.replace(/\.$/, '')}`, advice);
  }
}

function failedItem(name: string, value: unknown): FailedItem {
  const fields = fieldsOf(name, 'failures.json', value);
  const [runId, error, reason] = [fields.run_id, fields.error, fields.reason].map((text) =>
    textOf(name, 'failures.json', text),
  );
  const [index, seed] = [fields.index, fields.seed].map((number) => numberOf(name, 'failures.json', number));
  return { info: { index, runId, seed, truth: {} }, error, reason };
}

function readShape(name: string, fields: Fields): KernelShape['record'] {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return [key, value];
      throw wrongType(name, 'run.json', `a number, word or switch for the shape's ${key}`, value);
    }),
  );
}

/** Those of the first pass of the first stage; bundles of earlier versions list no others. */
async function readBuffers(bundle: VerifiedBundle, chunk: number): Promise<BufferPlan> {
  const rows = await readTable(bundle, 'memory.csv');
  const buffers = rows
    .filter(({ buffer, rescue = '0', stage }) => buffer !== 'total' && rescue === '0' && stage === rows[0].stage)
    .map((row) => ({
      name: row.buffer,
      bytes: Number(row.bytes),
      role: row.role as BufferRole,
      bytesPerItem: Number(row.bytes_per_item),
      formula: row.formula,
    }));
  return { chunk, buffers };
}

async function readTable(bundle: VerifiedBundle, path: string): Promise<Record<string, string>[]> {
  const { header, rows } = decodeCsv(`${bundle.name}: ${path}`, await bundle.text(path));
  return rows.map((row) => Object.fromEntries(header.map((column, i) => [column, row[i]])));
}

async function readShaders(bundle: VerifiedBundle): Promise<Record<string, string>> {
  const shaders: Record<string, string> = {};
  for (const { path } of bundle.manifest.files) {
    if (path.startsWith('shaders/')) shaders[path.slice('shaders/'.length)] = await bundle.text(path);
  }
  return shaders;
}

/** How the run went, from its timings: what the page shows of a run that is over. */
async function readOutcome(
  bundle: VerifiedBundle,
  kind: ResultKind,
  store: ResultStore,
  state: string,
  ran: Fields,
): Promise<RunOutcome> {
  const timings = await readTable(bundle, 'timing.csv');
  const sum = (column: string) => timings.reduce((total, row) => total + Number(row[column]), 0);
  const [elapsedMs, busyMs, gradients] = [sum('wall_ms'), sum('busy_ms'), sum('gradients')];
  const perSecond = (count: number) => (elapsedMs > 0 ? (1000 * count) / elapsedMs : 0);
  const summaries = store.summaries();
  const worth = summaries.reduce((total, summary) => total + kind.worth(summary), 0);
  const total = numberOf(bundle.name, 'run.json', ran.items);
  const ended = state === 'finished' || state === 'stopped' ? state : 'failed';
  const together = resultsOf(kind, store);
  const chunks = new Set(timings.map(({ rescue, chunk, stage }) => `${rescue} ${chunk} ${stage}`)).size;
  return {
    state: ended,
    failed: store.failed(),
    ...(together && { results: together }),
    progress: {
      state: ended,
      phase: 'idle',
      mode: ran.mode === 'webgpu' ? 'webgpu' : 'cpu',
      rescue: 0,
      chunk: {
        index: Math.max(0, chunks - 1),
        count: chunks,
        size: numberOf(bundle.name, 'run.json', ran.chunk),
        watchable: [],
      },
      items: { done: store.size, failed: store.failed().length, total },
      transitions: { done: 0, total: 0 },
      fraction: total > 0 ? Math.min(1, (store.size + store.failed().length) / total) : 0,
      elapsedMs,
      etaMs: null,
      itemsPerSecond: perSecond(store.size),
      gradientsPerSecond: perSecond(gradients),
      gradients,
      essPerSecond: store.size > 0 && kind.worthUnit ? perSecond(worth) : null,
      busyMs,
      clock: timings[0]?.busy_clock === 'gpu-timestamp' ? 'gpu-timestamp' : 'wall',
      memory: NO_MEMORY,
      bound: 'unknown',
    },
  };
}
