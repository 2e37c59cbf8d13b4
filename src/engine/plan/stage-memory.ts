/**
 * What every stage of a run takes, and what it would take with more or less of an item at once: the table of batches before anything runs.
 * Pure: from the plan alone, exact bytes.
 */
import type { BatchEntry } from '../../batch/entry.ts';
import { type BatchSizes, batchEntry, type SizeKey } from '../../batch/sizes.ts';
import { planBytes } from '../../gpu/plan.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { RunInputs, Workload } from '../../workloads/workload.ts';
import { formatBytes } from '../bytes.ts';
import type { RunConfig } from '../config/run-config.ts';
import { atOnce } from './inner-chunk.ts';
import { planRun } from './plan-run.ts';
import type { PlanOptions, StagePlan } from './stage-plan.ts';

/** Another value of an entry, with what the stage would take in all. */
export interface OtherValue {
  readonly value: number;
  readonly totalBytes: number;
}

/** How much of an item a stage works on at once. */
export interface InnerMemory {
  readonly entry: SizeKey;
  /** Really at once: at most `rows`. */
  readonly value: number;
  /** As configured, where memory halved it before the run. */
  readonly wanted?: OtherValue;
  /** How many an item has, as the stage says; else the value of the entry that this one is inside of, where both count the same. */
  readonly rows?: number;
  /** Fewer first, then all of them where that is more than `value`. */
  readonly otherwise: readonly OtherValue[];
}

/** Plain data. */
export interface StageMemory {
  readonly name: string;
  /** Items in all, and of them at once. */
  readonly items: number;
  readonly chunk: number;
  /** All buffers. A run takes those of one stage at a time. */
  readonly totalBytes: number;
  readonly inner?: InnerMemory;
  /** Why it does not fit: it is left out of the run, or the run is refused. */
  readonly tooLarge?: string;
}

/** Of a configuration; none where a run is one stage. Throws `ConfigError` as `planRun` does. */
export function stagePlans(
  workload: Workload,
  config: RunConfig,
  inputs: RunInputs,
  report: AdapterReport | null,
  options: PlanOptions = {},
): StageMemory[] {
  return stageMemory(planRun(workload, config, inputs, report, options), report);
}

/** Of a plan that is there already. */
export function stageMemory(
  { stages }: { readonly stages: readonly StagePlan[] },
  report: AdapterReport | null,
): StageMemory[] {
  return stages.flatMap((plan) => {
    const { stage, items, chunk, totalBytes, tooLarge } = plan;
    if (!stage) return [];
    const inner = innerMemory(plan, report);
    return [
      {
        name: stage.name,
        items,
        chunk,
        totalBytes,
        ...(inner && { inner }),
        ...(tooLarge !== undefined && { tooLarge }),
      },
    ];
  });
}

/** Bytes of all buffers of a stage with other sizes or items at once. Exact, whether they fit or not. */
export function bytesWith(
  plan: StagePlan,
  report: AdapterReport | null,
  sizes: BatchSizes,
  chunk = plan.chunk,
): number {
  const { workload, config, inputs, rescue } = plan;
  const precision = report ? config.precision : undefined;
  const configured = workload.configure(config.params, inputs, { sizes, precision, attempt: rescue });
  return planBytes(configured.plan(chunk, report ? configured.shape(report) : plan.shape));
}

/** How much less is shown beside what is planned: a quarter of it, as far as that takes fewer bytes. */
const FEWER = [4, 2];

function innerMemory(plan: StagePlan, report: AdapterReport | null): InnerMemory | undefined {
  const { inner, sizes, totalBytes } = plan;
  if (!inner) return undefined;
  const { entry, minimum, rows, configured, configuredBytes } = inner;
  const { maximum, powerOfTwo, inside, unit }: BatchEntry = batchEntry(entry)!;
  const of = rows ?? (inside !== undefined && batchEntry(inside)?.unit === unit ? sizes[inside as SizeKey] : undefined);
  const at = (value: number) => ({ value, totalBytes: bytesWith(plan, report, { ...sizes, [entry]: value }) });
  const value = atOnce(inner);
  const fewer = FEWER.map((by) => Math.max(minimum, Math.floor(value / by)))
    .filter((less) => less < value)
    .map(at)
    .find((other) => other.totalBytes < totalBytes);
  const all = Math.min(maximum, rows ?? 2 * value);
  const more = all > value && !powerOfTwo ? at(all) : undefined;
  return {
    entry,
    value,
    ...(of !== undefined && { rows: of }),
    ...(configuredBytes !== undefined && {
      wanted: { value: atOnce({ ...inner, value: configured }), totalBytes: configuredBytes },
    }),
    otherwise: [fewer, more].filter((other) => other !== undefined).filter((other) => other.totalBytes !== totalBytes),
  };
}

/** "hessian: analysis.curvatureChunk 96 of 256, 412.0 MiB (… bytes); 24 would take 103.0 MiB (… bytes)" */
export function stageWords({ name, items, chunk, totalBytes, inner, tooLarge }: StageMemory): string {
  const words = [inner ? innerWords(inner) : `${chunk} of ${items} at once`, formatBytes(totalBytes)].join(', ');
  const wanted = inner?.wanted
    ? `; ${inner.wanted.value} would take ${formatBytes(inner.wanted.totalBytes)} and do not fit`
    : '';
  const other = inner?.otherwise[0];
  const otherwise = other ? `; ${other.value} would take ${formatBytes(other.totalBytes)}` : '';
  return `${name}: ${words}${wanted}${otherwise}${tooLarge === undefined ? '' : `. Left out: ${tooLarge}`}`;
}

export function innerWords({ entry, value, rows }: InnerMemory): string {
  return `${entry} ${value}${rows === undefined ? '' : ` of ${rows}`}`;
}
