/** A run back from its bundle: configuration, posteriors, summaries, and how it went. Needs no device. */
import * as v from 'valibot';
import { decodeCsv } from '../../bundle/csv.ts';
import { FileError } from '../../bundle/file-error.ts';
import { named, readJson } from '../../bundle/json-record.ts';
import type { OwnFiles } from '../../bundle/own-file.ts';
import { type VerifiedBundle, type VerifyOptions, verifyBundle } from '../../bundle/read-bundle.ts';
import type { BufferPlan, BufferRole } from '../../gpu/plan.ts';
import { badgeName } from '../../gpu/report.ts';
import type { ResultKind } from '../../results/kind.ts';
import { METRICS_PATH, readMetrics } from '../../results/posterior/quality/metrics-json.ts';
import type { RunQuality } from '../../results/posterior/quality/types.ts';
import { ConfigError, type CpuArithmetic, type KernelShape, type Problem } from '../../workloads/workload.ts';
import { type LazyRegistry, loadConfig } from '../config/load-workload.ts';
import { recordedFiles } from '../config/own-files.ts';
import { configJson, type RunConfig } from '../config/run-config.ts';
import type { RunEvent } from '../run/events.ts';
import type { EarlierRun } from '../run/extension.ts';
import { NO_MEMORY } from '../run/memory-use.ts';
import type { RunOutcome } from '../run/progress.ts';
import { ResultStore, resultsOf } from '../run/store.ts';
import type { RunMode } from '../run-mode.ts';
import { readFailures } from './failures.ts';

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
  /** Where it was computed, as far as the bundle says; no adapter where it was not to be recorded. */
  readonly place?: EarlierRun['place'];
  /** What was loaded that ships, or in its place. */
  readonly loaded?: EarlierRun['loaded'];
}

/** Its results, for a run that adds to it. @throws ConfigError where the bundle does not say where they were computed */
export function earlierRun(bundle: OpenedBundle, kind: ResultKind): EarlierRun {
  const { config, place, cpu, ownFiles: files, loaded, shaders, store } = bundle;
  if (!place)
    throw new ConfigError(
      'extend',
      `${bundle.name} has no environment.json: nobody can say where its results were computed.`,
    );
  const finished = store.stored(
    kind,
    store.items().map(({ info }) => info.index),
  );
  return { config, place, ...(cpu && { cpu }), files, ...(loaded && { loaded }), shaders, finished };
}

const text = v.string();
const texts = v.array(text);
const number = v.number();

/** Of run.json what the run noted about itself. */
const RAN = v.object({
  ran: v.looseObject({
    mode: text,
    cpu: v.optional(v.object({ name: text, precision: text })),
    loaded: v.optional(v.object({ name: text, sha256: text })),
    items: number,
    chunk: number,
    parameters: v.array(v.object({ name: text, unit: text, help: text })),
    notes: texts,
    // Bundles of earlier versions have none.
    warnings: v.optional(texts, []),
    shape: v.optional(
      named(
        v.custom<number | boolean | string>(
          (value) => ['number', 'boolean', 'string'].includes(typeof value),
          'a number, word or switch',
        ),
      ),
    ),
  }),
});

/** Of environment.json what says where a run was computed. */
const ENVIRONMENT = v.object({
  app: v.object({ version: text }),
  runtime: v.object({ name: text, version: text }),
  mode: text,
  adapter: v.optional(
    v.object({ vendor: text, architecture: text, device: text, description: text, isFallback: v.boolean() }),
  ),
});

/**
 * Verifies and reads a bundle.
 * @throws FileError naming the file at fault; ConfigError for a configuration that this version does not know.
 */
export async function openBundle(
  name: string,
  blob: Blob,
  registry: LazyRegistry,
  options: VerifyOptions = {},
): Promise<OpenedBundle> {
  const bundle = await verifyBundle(name, blob, options);
  const read = async <T>(file: string, schema: v.GenericSchema<unknown, T>) =>
    readJson(name, file, schema, await bundle.json(file));
  const { config, workload } = await readConfig(bundle, registry);
  const { ran } = await read('run.json', RAN);
  const { results } = workload;
  const files = await results.files();
  const store = new ResultStore();
  const has = (file: string) => bundle.manifest.files.some(({ path }) => path === file);
  // Bundles of earlier versions have it under the name that the tuner's file has now.
  const file = has('items.json') ? 'items.json' : 'tuning.json';
  for (const entry of (await read(file, v.object({ items: v.array(v.looseObject({ attempts: number })) }))).items) {
    options.signal?.throwIfAborted();
    store.take(results, await files.readItem(bundle, file, entry), entry.attempts);
  }
  const failures = readFailures(name, await bundle.json('failures.json'));
  for (const failed of failures.failed) store.fail(failed);
  return {
    name,
    resultId: bundle.manifest.resultId,
    files: bundle.manifest.files.length,
    config,
    mode: ran.mode === 'webgpu' ? 'webgpu' : 'cpu',
    ...(ran.cpu && { cpu: { name: ran.cpu.name, precision: ran.cpu.precision === 'f32' ? 'f32' : 'f64' } }),
    ownFiles: recordedFiles(workload, ran),
    store,
    parameters: ran.parameters,
    notes: ran.notes,
    warnings: ran.warnings,
    chunk: ran.chunk,
    buffers: await readBuffers(bundle, ran.chunk),
    shape: ran.shape ?? {},
    shaders: await readShaders(bundle),
    // Of an experiment whose exact posteriors are known; others may have metrics of their own.
    ...(workload.exact && has(METRICS_PATH) && { quality: readMetrics(name, await bundle.json(METRICS_PATH)) }),
    outcome: await readOutcome(bundle, results, store, failures.state, ran),
    events: failures.events,
    ...(has('environment.json') && { place: placeFrom(await read('environment.json', ENVIRONMENT)) }),
    ...(ran.loaded && { loaded: ran.loaded }),
  };
}

function placeFrom({ app, runtime, mode, adapter }: v.InferOutput<typeof ENVIRONMENT>): EarlierRun['place'] {
  const { vendor, architecture, device, description, isFallback } = adapter ?? {};
  const place = { version: app.version, runtime: `${runtime.name} ${runtime.version}` };
  if (mode !== 'webgpu') return { ...place, mode: 'cpu', adapter: null };
  const name = badgeName(
    [vendor, architecture, device, description].map((part) => part ?? ''),
    isFallback ?? false,
  );
  return { ...place, mode: 'webgpu', ...(adapter && { adapter: name }) };
}

async function readConfig(bundle: VerifiedBundle, registry: LazyRegistry): ReturnType<typeof loadConfig> {
  try {
    return await loadConfig(configJson(await bundle.text('run.json')), registry);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const advice = 'Open it with the version of Lockstep that made it (see environment.json).';
    throw new FileError(bundle.name, `run.json: ${error.field}: ${error.message.replace(/\.$/, '')}`, advice);
  }
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
  ran: v.InferOutput<typeof RAN>['ran'],
): Promise<RunOutcome> {
  const timings = await readTable(bundle, 'timing.csv');
  const sum = (column: string) => timings.reduce((total, row) => total + Number(row[column]), 0);
  const [elapsedMs, busyMs, gradients] = [sum('wall_ms'), sum('busy_ms'), sum('gradients')];
  const perSecond = (count: number) => (elapsedMs > 0 ? (1000 * count) / elapsedMs : 0);
  const summaries = store.summaries();
  const worth = summaries.reduce((total, summary) => total + kind.worth(summary), 0);
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
        size: ran.chunk,
        watchable: [],
      },
      items: { done: store.size, failed: store.failed().length, total: ran.items },
      transitions: { done: 0, total: 0 },
      fraction: ran.items > 0 ? Math.min(1, (store.size + store.failed().length) / ran.items) : 0,
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
