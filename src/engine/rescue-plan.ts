/** What sampling failed posteriors again would take, known before the run begins like everything else. */

import { type BufferPlan, largestBufferBytes, planBytes } from '../gpu/plan.ts';
import type { AdapterReport } from '../gpu/report.ts';
import type { ParamValues } from '../workloads/params.ts';
import type { KernelShape } from '../workloads/workload.ts';
import { capObjection, capUses } from './caps.ts';
import { largestFitting } from './chunks.ts';
import type { PassPlan } from './pass-plan.ts';

/** How often a posterior that failed is sampled again. */
export const MAX_RESCUES = 2;

/** Plain data. */
export interface RescuePlan {
  /** 1 or 2. */
  readonly rescue: number;
  readonly params: ParamValues;
  /** Items at once, at most: fewer where fewer have failed. */
  readonly chunk: number;
  readonly shape: KernelShape;
  readonly buffers: BufferPlan;
  readonly totalBytes: number;
  /** Why not even one item fits the caps, in words: then this rescue is left out. */
  readonly tooLarge?: string;
}

/** Every rescue that the experiment offers, for the case that all items have failed. */
export function planRescues(first: PassPlan, report: AdapterReport | null): RescuePlan[] {
  const numbers = Array.from({ length: MAX_RESCUES }, (_, i) => i + 1);
  return numbers.flatMap((rescue) => planRescue(first, rescue, first.items, report) ?? []);
}

/**
 * A rescue of so many items. Chunks are as large as the memory of the first pass allows, and of one item where a single one needs more, up
 * to the caps. Undefined where the experiment has no harder parameters.
 */
export function planRescue(
  first: PassPlan,
  rescue: number,
  items: number,
  report: AdapterReport | null,
): RescuePlan | undefined {
  const { workload, config, inputs, sizes, caps } = first;
  const params = workload.rescue?.(config.params, rescue);
  if (!params) return undefined;
  const shape = report ? workload.shape(report, params, inputs, sizes, config.precision) : first.shape;
  const planFor = (size: number) => workload.plan(params, inputs, size, shape, sizes);
  const fitting = largestFitting(Math.min(first.chunk, items), (size) => {
    const buffers = planFor(size);
    const small = planBytes(buffers) <= first.totalBytes && largestBufferBytes(buffers) <= caps.maxBufferBytes;
    return small || report === null;
  });
  const chunk = Math.max(1, fitting);
  const buffers = planFor(chunk);
  const limits = { limits: report?.limits ?? {}, shape, budgetBytes: caps.budgetBytes };
  return {
    rescue,
    params,
    chunk,
    shape,
    buffers,
    totalBytes: planBytes(buffers),
    tooLarge: report ? capObjection(capUses(buffers, chunk, limits), chunk) : undefined,
  };
}

/** Most bytes that any pass may take, of those that fit. */
export function mostBytes(first: PassPlan, rescues: readonly RescuePlan[]): number {
  const fitting = rescues.filter(({ tooLarge }) => tooLarge === undefined);
  return Math.max(first.totalBytes, ...fitting.map(({ totalBytes }) => totalBytes));
}
