/** What tunings found, kept from one session to the next: under which key, and how it is looked up. */
import * as v from 'valibot';
import { parseJson } from '../../bundle/json-text.ts';
import { planBytes } from '../../gpu/plan.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import { planRun, type RunPlan } from '../plan/plan-run.ts';
import { runtimeRecord } from '../runtime.ts';
import { appVersion } from '../version.ts';
import { tuningResult } from './result-schema.ts';
import type { TuningKey, TuningResult } from './types.ts';

/** Where results are kept: a file of the origin's in the browser, one in the cache folder on the command line. */
export interface TuningMemory {
  /** Newest first; empty where nothing can be read. Never rejects. */
  load(): Promise<readonly TuningResult[]>;
  /** Replaces everything, all or nothing. */
  save(results: readonly TuningResult[]): Promise<void>;
}

/** The oldest go beyond it. */
const MAX_RESULTS = 64;

/**
 * The key of a run on an adapter. The work of an item stands for the configuration: bytes of one and of two items, gradients, kernel shape.
 * So another seed, prior or noise level finds the same entry, and whatever changes memory or arithmetic does not.
 */
export function tuningKey(plan: RunPlan, report: AdapterReport): TuningKey {
  const { workload, config, configured, items, shape, work } = plan.stages[0];
  const bytesOf = (chunk: number) => planBytes(configured.plan(chunk, shape));
  const numbers = Object.values(shape.record).filter((value) => typeof value === 'number');
  const { name, version } = runtimeRecord();
  return {
    adapter: { name: report.name, vendor: report.vendor, architecture: report.architecture },
    runtime: `${name} ${version}`,
    workload: workload.id,
    precision: config.precision,
    work: [
      `${bytesOf(1)} and ${bytesOf(2)} bytes`,
      `${work.unitsPerItem} gradients of ${work.flopPerUnit} FLOP and ${work.bytesPerUnit} bytes`,
      `shape ${numbers.join(', ')}`,
    ].join('; '),
    items,
    appVersion,
  };
}

/** What is remembered of exactly that key. */
export function recall(results: readonly TuningResult[], key: TuningKey): TuningResult | undefined {
  return results.find((result) => sameKey(result.key, key));
}

/** The results with a new one in front, in the place of an earlier one of its key. */
export function remember(results: readonly TuningResult[], result: TuningResult): TuningResult[] {
  return [result, ...forget(results, result.key)].slice(0, MAX_RESULTS);
}

/** The results without the one of that key. */
export function forget(results: readonly TuningResult[], key: TuningKey): TuningResult[] {
  return results.filter((result) => !sameKey(result.key, key));
}

/** Format of the file; one that is not understood counts as empty. */
const SCHEMA = 'lockstep-tuning-2';

const fileSchema = v.object({ schema: v.literal(SCHEMA), results: v.array(v.unknown()) });

export function encodeResults(results: readonly TuningResult[]): string {
  return `${JSON.stringify({ schema: SCHEMA, results })}\n`;
}

/** Results in the text of a file, without those that are not whole; empty for text of another kind or version. */
export function decodeResults(text: string): readonly TuningResult[] {
  try {
    const { results } = v.parse(fileSchema, parseJson(text));
    return results.filter((result): result is TuningResult => v.is(tuningResult, result));
  } catch {
    return [];
  }
}

function sameKey(a: TuningKey, b: TuningKey): boolean {
  const text = ({ adapter, runtime, workload, precision, work, items, appVersion }: TuningKey) => {
    const { name, vendor, architecture } = adapter;
    return JSON.stringify([name, vendor, architecture, runtime, workload, precision, work, items, appVersion]);
  };
  return text(a) === text(b);
}

/** A plan, and what decided its chunk where that was the tuner. */
export interface RememberedPlan {
  readonly plan: RunPlan;
  readonly tuning?: TuningResult;
}

/** Plans a run: with batch size "auto" by what is remembered for this adapter and configuration. Throws `ConfigError` as `planRun` does. */
export function planRemembered(
  results: readonly TuningResult[],
  ...[workload, config, inputs, report]: Parameters<typeof planRun>
): RememberedPlan {
  const plan = planRun(workload, config, inputs, report);
  if (!report || plan.chunkSource === 'given') return { plan };
  const tuning = recall(results, tuningKey(plan, report));
  if (!tuning) return { plan };
  return { plan: planRun(workload, config, inputs, report, { tuned: tuning.recommended }), tuning };
}
