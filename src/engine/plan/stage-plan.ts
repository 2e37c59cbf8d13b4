/**
 * What a stage of a run will take: items, chunk, buffers, caps. A stage is a pass over items with one configuration: all items of most
 * runs, those that the experiment lists for it where a run has several, or, in a rescue, those that failed before.
 */
import { guessMemoryClass, type MemoryClass } from '../../batch/memory-class.ts';
import { type BatchSizes, sizesFor } from '../../batch/sizes.ts';
import { type BufferPlan, largestBufferBytes, planBytes } from '../../gpu/plan.ts';
import { lackingFeature } from '../../gpu/precision.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import {
  ConfigError,
  type Configured,
  type KernelShape,
  NO_SHAPE,
  type Precision,
  type RunInputs,
  type StageSpec,
  type WorkEstimate,
  type Workload,
} from '../../workloads/workload.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { RunMode } from '../run-mode.ts';
import { bindingCap, type CapName, type ChunkCap, capObjection, chunkCaps } from './caps.ts';
import { type InnerChunk, innerChunk, lessMemory, noRoomWords } from './inner-chunk.ts';

const MIB = 1024 ** 2;

/** What a chunk may take, in bytes. */
export interface MemoryCaps {
  readonly budgetBytes: number;
  /** Largest single buffer the adapter creates and binds; Infinity without an adapter. */
  readonly maxBufferBytes: number;
  /** Every cap of the adapter by name, with the largest chunk it allows; none without an adapter. */
  readonly each: readonly ChunkCap[];
  /** The cap that a growing chunk meets first; absent without an adapter. */
  readonly binding?: CapName;
}

export interface StagePlan {
  readonly workload: Workload;
  /** With the parameters of the stage. */
  readonly config: RunConfig;
  readonly inputs: RunInputs;
  readonly configured: Configured;
  /** What the experiment lists; absent where a run is one stage. */
  readonly stage?: StageSpec;
  /** 0 in the first pass over its items, then the number of the rescue. */
  readonly rescue: number;
  readonly mode: RunMode;
  readonly items: number;
  readonly chunk: number;
  /** Who chose the chunk: the configuration, what the tuner measured on this adapter, or the batch table. */
  readonly chunkSource: 'given' | 'tuned' | 'table';
  readonly chunks: number;
  /** How much of an item is worked on at once; absent where the stage names no entry for it. */
  readonly inner?: InnerChunk;
  /** Sizes of the batch table for this run, and the memory class they come from; that of `inner` as it was halved. */
  readonly sizes: BatchSizes;
  readonly memoryClass: MemoryClass;
  /** Largest chunk (≤ items) that the caps allow; 0 when not even one item fits. */
  readonly largestChunk: number;
  readonly shape: KernelShape;
  readonly buffers: BufferPlan;
  readonly totalBytes: number;
  readonly largestBufferBytes: number;
  readonly caps: MemoryCaps;
  /** Why this chunk does not fit, in words; absent when it does. */
  readonly tooLarge?: string;
  readonly work: WorkEstimate;
}

/** What a plan may be told beside the configuration. */
export interface PlanOptions {
  /** Goes before the configured batch size. */
  readonly chunk?: number;
  /** What the tuner recommends on this adapter: the batch size of "auto". */
  readonly tuned?: number;
}

/** What only the engine adds to that. */
interface StageOptions extends PlanOptions {
  /** Goes before the parameters of the configuration. */
  readonly stage?: StageSpec;
  /** Takes fewer items at once than were asked for where no more fit. */
  readonly shrinks?: boolean;
  /** The number of the rescue. */
  readonly rescue?: number;
  /** Value of the stage's `chunkEntry` in the place of the configured one. */
  readonly inner?: number;
}

/**
 * Plans a stage on an adapter, or on the CPU (`null`: no memory limit applies). Where the caps allow not even one item, what of an item is
 * worked on at once is halved until one fits. Throws `ConfigError` when there is nothing to run.
 */
export function planStage(
  workload: Workload,
  given: RunConfig,
  inputs: RunInputs,
  report: AdapterReport | null,
  options: StageOptions = {},
): StagePlan {
  const planned = planWith(workload, given, inputs, report, options);
  if (planned.largestChunk > 0 || !planned.inner) return planned;
  const withInner = (inner: number) => planWith(workload, given, inputs, report, { ...options, inner });
  const less =
    lessMemory(planned, withInner, ({ largestChunk }) => largestChunk > 0) ?? withInner(planned.inner.minimum);
  return { ...less, inner: { ...less.inner!, configuredBytes: planned.totalBytes } };
}

function planWith(
  workload: Workload,
  given: RunConfig,
  inputs: RunInputs,
  report: AdapterReport | null,
  { chunk, tuned, stage, shrinks = false, rescue = 0, inner: smaller }: StageOptions,
): StagePlan {
  const config = stage ? { ...given, params: stage.params } : given;
  const { batch } = config;
  const memoryClass = batch.memoryClass === 'auto' || !report ? guessMemoryClass(report) : batch.memoryClass;
  const configuredSizes = sizesFor(memoryClass, batch.sizes);
  const inner = innerChunk(workload, stage, configuredSizes, smaller);
  const sizes = inner ? { ...configuredSizes, [inner.entry]: inner.value } : configuredSizes;
  const precision = report ? config.precision : undefined;
  const configured = workload.configure(config.params, inputs, { sizes, precision, attempt: rescue });
  const items = stage?.items.length ?? configured.count;
  if (items < 1) {
    throw new ConfigError('params', `this configuration has no ${workload.itemName.many}; ask for at least one.`);
  }
  requirePrecision(config.precision, report);
  const mode: RunMode = report ? 'webgpu' : 'cpu';
  const shape = report ? configured.shape(report) : NO_SHAPE;
  const planFor = remembering((size) => configured.plan(size, shape));
  const budgetBytes = batch.memoryBudgetMiB * MIB;
  const capsOf = (size: number) =>
    report ? chunkCaps({ planFor, chunk: size, limits: report.limits, shape, budgetBytes }) : [];
  const largestChunk = Math.min(items, bindingCap(capsOf(1))?.largestChunk ?? items);
  const asked = chunk ?? (batch.size === 'auto' ? undefined : batch.size);
  const automatic = Math.min(largestChunk, tuned ?? sizes[workload.chunkEntry]);
  const size = Math.max(1, Math.min(asked ?? automatic, shrinks ? largestChunk : items));
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
    configured,
    stage,
    rescue,
    mode,
    items,
    chunk: size,
    ...(inner && { inner }),
    chunkSource: asked !== undefined ? 'given' : tuned !== undefined ? 'tuned' : 'table',
    sizes,
    memoryClass,
    chunks: Math.ceil(items / size),
    largestChunk,
    shape,
    buffers,
    totalBytes: planBytes(buffers),
    largestBufferBytes: largestBufferBytes(buffers),
    caps,
    tooLarge:
      reason &&
      `${reason} ${advice(workload, largestChunk)}${inner && largestChunk === 0 ? ` ${noRoomWords(workload, inner, stage)}` : ''}`,
    work: configured.work,
  };
}

/** The same stage with chunks of that size, or on what a device reports now. @param value of `inner` */
export function planAgain(
  { workload, config, inputs, stage, rescue, inner }: StagePlan,
  report: AdapterReport | null,
  chunk: number,
  value = inner?.value,
): StagePlan {
  return planStage(workload, config, inputs, report, { chunk, stage, rescue, inner: value });
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
