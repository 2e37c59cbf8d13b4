/**
 * What a run is: one schema for the form, the URL, the command line, `run.json` and the tests.
 * A `RunConfig` in hand is complete and valid: every parameter of the workload's table has its value.
 */

import { MEMORY_CLASSES, type MemoryClass } from '../../batch/memory-class.ts';
import { batchEntry, type SizeOverrides, sizeObjection } from '../../batch/sizes.ts';
import { batchTable } from '../../batch/table.ts';
import { parseJson } from '../../bundle/json-text.ts';
import { knownExperiments } from '../../workloads/known.ts';
import type { ParamValues } from '../../workloads/params.ts';
import { didYouMean } from '../../workloads/suggest.ts';
import { parseParams, presetParams, shortened, shown } from '../../workloads/validate.ts';
import { ConfigError, type Experiment, type Precision, type Preset, type Workload } from '../../workloads/workload.ts';

export interface RunConfig {
  /** Id of the experiment. */
  readonly workload: string;
  /** Id of the preset that the parameters started from. */
  readonly preset: string;
  /** Base seed, 0 … 2³² − 1. */
  readonly seed: number;
  readonly precision: Precision;
  readonly batch: BatchConfig;
  /** Every parameter of the workload's table: defaults, then the preset's values, then the user's. */
  readonly params: ParamValues;
}

export interface BatchConfig {
  /** Items in a chunk, or "auto": what the tuner found on this adapter, else the batch table's entry, as far as memory allows. */
  readonly size: number | 'auto';
  /** GPU memory that a chunk's buffers may take together, MiB. */
  readonly memoryBudgetMiB: number;
  /** Memory class whose values of the batch table are taken; "auto" guesses from the adapter. */
  readonly memoryClass: MemoryClass | 'auto';
  /** Entries of the batch table that differ from the class's values. */
  readonly sizes: SizeOverrides;
}

/** Experiments that can be run; the project's own unless a test brings others. */
export type Registry = readonly Workload[];
/** Experiments that a configuration may name. */
export type Catalog = readonly Experiment[];

export const DEFAULT_SEED = 42;
export const DEFAULT_BATCH: BatchConfig = { size: 'auto', memoryBudgetMiB: 1024, memoryClass: 'auto', sizes: {} };

const FIELDS = ['workload', 'preset', 'seed', 'precision', 'batch', 'params'];

/** What a run notes about itself in its run.json (chunk, kernel shape …); passed over when the file is read back. */
export const RECORD_KEY = 'ran';

const MAX_SEED = 2 ** 32 - 1;
const MAX_BUDGET_MIB = 1_048_576;

/** The experiment of that id; the first of the registry without one. Throws `ConfigError`. */
export function findWorkload(id: unknown): Experiment;
export function findWorkload<E extends { readonly id: string }>(id: unknown, registry: readonly E[]): E;
export function findWorkload(
  id: unknown,
  registry: readonly { readonly id: string }[] = knownExperiments,
): { readonly id: string } {
  if (id === undefined) return registry[0];
  const found = registry.find((workload) => workload.id === id);
  if (found) return found;
  const known = registry.map((workload) => workload.id);
  throw new ConfigError('workload', `${shown(id)} is not an experiment. ${didYouMean(String(id), known)}`);
}

/** The preset of that id; the workload's first without one. Throws `ConfigError`. */
export function findPreset(workload: Experiment, id: unknown): Preset {
  if (id === undefined) return workload.presets[0];
  const found = workload.presets.find((preset) => preset.id === id);
  if (found) return found;
  const known = workload.presets.map((preset) => preset.id);
  throw new ConfigError('preset', `${shown(id)} is not a preset of ${workload.id}. ${didYouMean(String(id), known)}`);
}

/** A preset as it comes: every parameter at the table's default or the preset's value. */
export function presetConfig(workload: Experiment, preset: Preset): RunConfig {
  return {
    workload: workload.id,
    preset: preset.id,
    seed: DEFAULT_SEED,
    precision: workload.precisions[0],
    batch: DEFAULT_BATCH,
    params: presetParams(workload.params, preset),
  };
}

/**
 * Checks a configuration and fills in what it leaves out. Everything is optional: `{}` is the first preset of the first
 * experiment. Throws `ConfigError` with the path of the first field that is wrong; an unknown key is wrong, too.
 */
export function parseRunConfig(json: unknown, registry: Catalog = knownExperiments): RunConfig {
  const { [RECORD_KEY]: _record, ...given } = requireObject(json, '');
  requireKnown(given, FIELDS, '');
  const workload = findWorkload(given.workload, registry);
  const preset = findPreset(workload, given.preset);
  const chunk = batchEntry(workload.chunkEntry)!;
  const batch = requireObject(given.batch ?? {}, 'batch');
  requireKnown(batch, ['size', 'memoryBudgetMiB', 'memoryClass', 'sizes'], 'batch');
  return {
    workload: workload.id,
    preset: preset.id,
    seed: integer(given.seed, 'seed', 0, MAX_SEED, DEFAULT_SEED),
    precision: precision(given.precision, workload),
    batch: {
      size:
        batch.size === 'auto'
          ? 'auto'
          : integer(batch.size, 'batch.size', chunk.minimum, chunk.maximum, DEFAULT_BATCH.size),
      memoryBudgetMiB: integer(
        batch.memoryBudgetMiB,
        'batch.memoryBudgetMiB',
        1,
        MAX_BUDGET_MIB,
        DEFAULT_BATCH.memoryBudgetMiB,
      ),
      memoryClass: memoryClass(batch.memoryClass),
      sizes: sizeOverrides(batch.sizes, workload),
    },
    params: parseParams(workload.params, preset, given.params ?? {}),
  };
}

/**
 * `run.json`: the whole configuration, keys in the schema's and the table's order; with `record`, also what the run notes
 * about itself.
 */
export function toJson(config: RunConfig, record?: object): string {
  return `${JSON.stringify(record ? { ...config, [RECORD_KEY]: record } : config, null, 2)}\n`;
}

/** Parses the text of a `run.json`. Throws `ConfigError` for text that is not JSON as well. */
export function fromJson(text: string, registry: Catalog = knownExperiments): RunConfig {
  return parseRunConfig(configJson(text), registry);
}

/** What a `run.json` holds, unchecked. Throws `ConfigError` for text that is not JSON. */
export function configJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new ConfigError('config', `this is not JSON (${(error as Error).message}); expected a run.json.`);
  }
}

/** A thing with named fields. Throws `ConfigError`. */
export function requireObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ConfigError(path || 'config', `expected an object with named fields, got ${shown(value)}.`);
}

function requireKnown(given: Record<string, unknown>, known: readonly string[], path: string): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const short = shortened(key);
    throw new ConfigError(
      path ? `${path}.${short}` : short,
      `there is no field "${short}" here. ${didYouMean(key, known)}`,
    );
  }
}

function integer<D>(value: unknown, path: string, min: number, max: number, fallback: D): number | D {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new ConfigError(path, `expected a whole number from ${min} to ${max}, got ${shown(value)}.`);
}

function memoryClass(value: unknown): BatchConfig['memoryClass'] {
  const known = ['auto', ...MEMORY_CLASSES] as const;
  const found = known.find((name) => name === (value ?? 'auto'));
  if (found) return found;
  throw new ConfigError(
    'batch.memoryClass',
    `${shown(value)} is not a memory class. ${didYouMean(String(value), known)}`,
  );
}

function sizeOverrides(value: unknown, workload: Experiment): SizeOverrides {
  const given = requireObject(value ?? {}, 'batch.sizes');
  for (const [key, size] of Object.entries(given)) {
    const path = `batch.sizes.${shortened(key)}`;
    const entry = batchEntry(key);
    if (!entry) {
      const known = batchTable.map((known) => known.key);
      throw new ConfigError(path, `there is no "${shortened(key)}" in the batch table. ${didYouMean(key, known)}`);
    }
    if (key === workload.chunkEntry) throw new ConfigError('batch.size', `${key} is the batch size: give it as such.`);
    const objection = sizeObjection(entry, size);
    if (objection) throw new ConfigError(path, `${key}: ${objection}`);
  }
  return given as SizeOverrides;
}

function precision(value: unknown, { title, precisions }: Experiment): Precision {
  const found = precisions.find((known) => known === (value ?? precisions[0]));
  if (found) return found;
  throw new ConfigError(
    'precision',
    `${shown(value)} is not offered by the experiment ${title}; choose ${precisions.join(' or ')}.`,
  );
}
