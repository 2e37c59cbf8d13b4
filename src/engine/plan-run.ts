/** From a configuration to what a run will take: items, chunk, buffers, caps. Cheap enough for a slider, needs no device. */
import { guessMemoryClass } from '../batch/memory-class.ts';
import { sizesFor } from '../batch/sizes.ts';
import { type BufferPlan, largestBufferBytes, planBytes } from '../gpu/plan.ts';
import { lackingFeature } from '../gpu/precision.ts';
import type { AdapterReport } from '../gpu/report.ts';
import { ConfigError, NO_SHAPE, type Precision, type RunInputs, type Workload } from '../workloads/workload.ts';
import { bindingCap, capObjection, chunkCaps } from './caps.ts';
import type { MemoryCaps, PassPlan } from './pass-plan.ts';
import { mostBytes, planRescues, type RescuePlan } from './rescue-plan.ts';
import type { RunConfig } from './run-config.ts';
import type { RunMode } from './run-mode.ts';

const MIB = 1024 ** 2;

/** The first pass, and what may come after it. */
export interface RunPlan extends PassPlan {
  /** Passes in which posteriors that failed would be sampled again; none where `noRescue` says why. */
  readonly rescues: readonly RescuePlan[];
  /** Why nothing would be sampled again, as the end of a sentence. */
  readonly noRescue?: string;
  /** Most bytes that any pass may take: those of the first unless a single item of a rescue needs more. */
  readonly mostBytes: number;
}

/** What a plan may be told beside the configuration. */
export interface PlanOptions {
  /** Goes before the configured batch size. */
  readonly chunk?: number;
  /** What the tuner recommends on this adapter: the batch size of "auto". */
  readonly tuned?: number;
}

/**
 * Plans a run on an adapter (`report`), or on the CPU (`null`: no memory limit applies).
 * Throws `ConfigError` when there is nothing to run.
 */
export function planRun(...[workload, config, inputs, report, options]: PlanInput): RunPlan {
  const first = planPass(workload, config, inputs, report, options);
  const rescues = planRescues(first, report);
  const noRescue = rescues.length === 0 ? workload.rescueObjection?.(config.params) : undefined;
  return { ...first, rescues, noRescue, mostBytes: mostBytes(first, rescues) };
}

type PlanInput = Parameters<typeof planPass>;

/** The same for one pass, whatever comes after it. */
export function planPass(
  workload: Workload,
  config: RunConfig,
  inputs: RunInputs,
  report: AdapterReport | null,
  { chunk, tuned }: PlanOptions = {},
): PassPlan {
  const items = workload.count(config.params, inputs);
  if (items < 1) {
    throw new ConfigError('params', `this configuration has no ${workload.itemName.many}; ask for at least one.`);
  }
  requirePrecision(config.precision, report);
  const mode: RunMode = report ? 'webgpu' : 'cpu';
  const { batch } = config;
  const memoryClass = batch.memoryClass === 'auto' || !report ? guessMemoryClass(report) : batch.memoryClass;
  const sizes = sizesFor(memoryClass, batch.sizes);
  const shape = report ? workload.shape(report, config.params, inputs, sizes, config.precision) : NO_SHAPE;
  const planFor = remembering((size) => workload.plan(config.params, inputs, size, shape, sizes));
  const budgetBytes = batch.memoryBudgetMiB * MIB;
  const capsOf = (size: number) =>
    report ? chunkCaps({ planFor, chunk: size, limits: report.limits, shape, budgetBytes }) : [];
  const largestChunk = Math.min(items, bindingCap(capsOf(1))?.largestChunk ?? items);
  const given = chunk ?? (batch.size === 'auto' ? undefined : batch.size);
  const automatic = Math.min(largestChunk, tuned ?? sizes[workload.chunkEntry]);
  const size = Math.max(1, Math.min(given ?? automatic, items));
  const buffers = planFor(size);
  const each = capsOf(size);
  const caps: MemoryCaps = {
    budgetBytes,
    maxBufferBytes: report
      ? Math.min(report.limits.maxBufferSize, report.limits.maxStorageBufferBindingSize)
      : Number.POSITIVE_INFINITY,
    each,
    binding: bindingCap(each)?.name,
  };
  const reason = capObjection(each, size);
  return {
    workload,
    config,
    inputs,
    mode,
    items,
    chunk: size,
    chunkSource: given !== undefined ? 'given' : tuned !== undefined ? 'tuned' : 'table',
    sizes,
    memoryClass,
    chunks: Math.ceil(items / size),
    largestChunk,
    shape,
    buffers,
    totalBytes: planBytes(buffers),
    largestBufferBytes: largestBufferBytes(buffers),
    caps,
    tooLarge: reason && `${reason} ${advice(workload, largestChunk)}`,
    work: workload.work(config.params, inputs),
  };
}

/** The precisions of an experiment that this adapter has. */
export function precisionsOn({ precisions }: Workload, report: AdapterReport): Precision[] {
  return precisions.filter((precision) => lackingFeature(precision, report) === undefined);
}

/** The CPU has one precision whatever was asked for. Throws `ConfigError` for `precision`. */
function requirePrecision(precision: Precision, report: AdapterReport | null): void {
  const lacking = report && lackingFeature(precision, report);
  if (!lacking) return;
  throw new ConfigError(
    'precision',
    `${precision} needs the WebGPU feature ${lacking}, which ${report.name} does not offer; choose f16-storage, which stores halves and computes in f32, or f32.`,
  );
}

/** Throws `ConfigError` for `batch.size` when the planned chunk does not fit. */
export function requireFit(plan: PassPlan): void {
  if (plan.tooLarge) throw new ConfigError('batch.size', plan.tooLarge);
}

/** Caps ask for the same sizes again and again. */
function remembering(planFor: (size: number) => BufferPlan): (size: number) => BufferPlan {
  const known = new Map<number, BufferPlan>();
  return (size) => {
    const plan = known.get(size) ?? planFor(size);
    known.set(size, plan);
    return plan;
  };
}

function advice(workload: Workload, largestChunk: number): string {
  if (largestChunk === 0) return `Not even one ${workload.itemName.one} fits: raise the memory budget.`;
  return `The largest that fits is ${largestChunk}.`;
}
