/** What sampling failed posteriors again would take, known before the run begins like everything else. */

import { type BufferPlan, largestBufferBytes, planBytes } from '../../gpu/plan.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { ParamValues } from '../../workloads/params.ts';
import type { KernelShape, WorkEstimate } from '../../workloads/workload.ts';
import { capObjection, capUses } from './caps.ts';
import { largestFitting } from './chunks.ts';
import type { StagePlan } from './stage-plan.ts';

/** How often a posterior that failed is sampled again. */
export const MAX_RESCUES = 2;

/** Plain data. */
export interface RescuePlan {
  /** 1 or 2. */
  readonly rescue: number;
  /** Name of the stage whose items are sampled again; absent where a run is one stage. */
  readonly stage?: string;
  readonly params: ParamValues;
  /** Items at once, at most: fewer where fewer have failed. */
  readonly chunk: number;
  readonly shape: KernelShape;
  readonly buffers: BufferPlan;
  readonly totalBytes: number;
  /** Why not even one item fits the caps, in words: then this rescue is left out. */
  readonly tooLarge?: string;
  readonly work: WorkEstimate;
}

/** A rescue on a CPU takes so many times the work of a whole first pass, at most … */
const CPU_FIRST_PASSES = 4;
/** … or, where that is little, so many floating-point operations: a minute or two of the twin, which does about a gigaflop a second. */
const CPU_FLOP = 1e11;

/** Items that a rescue may take of a stage: all on a device, where they are soon done; on a CPU as much work as nobody waits for in vain. */
export function mostRescued(first: StagePlan, work: WorkEstimate, report: AdapterReport | null): number {
  if (report) return Number.POSITIVE_INFINITY;
  const flop = Math.max(CPU_FLOP, CPU_FIRST_PASSES * first.items * flopOf(first.work));
  return Math.floor(flop / flopOf(work));
}

/** Of an item. */
export const flopOf = ({ flopPerUnit, unitsPerItem }: WorkEstimate): number => flopPerUnit * unitsPerItem;

/** Why the others are left. */
export const CPU_BOUND = `A rescue on the CPU takes ${CPU_FIRST_PASSES} times the work of the first pass or two minutes at most; on a GPU there is no such limit.`;

/** Every rescue that the experiment offers for a stage, for the case that all its items have failed. */
export function planRescues(first: StagePlan, report: AdapterReport | null): RescuePlan[] {
  const numbers = Array.from({ length: MAX_RESCUES }, (_, i) => i + 1);
  return numbers.flatMap((rescue) => planRescue(first, rescue, first.items, report) ?? []);
}

/**
 * A rescue of so many items. Chunks are as large as the memory of the first pass allows, and of one item where a single one needs more, up
 * to the caps. Undefined where the experiment has no harder parameters.
 */
export function planRescue(
  first: StagePlan,
  rescue: number,
  items: number,
  report: AdapterReport | null,
): RescuePlan | undefined {
  const { workload, config, inputs, sizes, caps } = first;
  const params = workload.rescue?.params(config.params, rescue);
  if (!params) return undefined;
  const precision = report ? config.precision : undefined;
  const configured = workload.configure(params, inputs, { sizes, precision, attempt: rescue });
  const shape = report ? configured.shape(report) : first.shape;
  const fitting = largestFitting(Math.min(first.chunk, items), (size) => {
    const buffers = configured.plan(size, shape);
    const small = planBytes(buffers) <= first.totalBytes && largestBufferBytes(buffers) <= caps.maxBufferBytes;
    return small || report === null;
  });
  const chunk = Math.max(1, fitting);
  const buffers = configured.plan(chunk, shape);
  const limits = { limits: report?.limits ?? {}, shape, budgetBytes: caps.budgetBytes };
  return {
    rescue,
    stage: first.stage?.name,
    params,
    chunk,
    shape,
    buffers,
    totalBytes: planBytes(buffers),
    tooLarge: report ? capObjection(capUses(buffers, chunk, limits), chunk) : undefined,
    work: configured.work,
  };
}
