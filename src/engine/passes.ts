/**
 * The passes of a run: all items first, then, at most twice, those whose posterior missed a threshold, with the harder parameters
 * that the experiment gives (`Workload.rescue`). Which items are sampled again follows from their own results alone, so the outcome
 * does not depend on the batch size.
 */
import { largestBufferBytes, planBytes } from '../gpu/plan.ts';
import type { AdapterReport } from '../gpu/report.ts';
import type { ParamValues } from '../workloads/params.ts';
import type { Problem } from '../workloads/workload.ts';
import { largestFitting } from './chunks.ts';
import { planRun, type RunPlan } from './plan-run.ts';

/** How often a posterior that failed is sampled again. */
export const MAX_RESCUES = 2;

export interface Pass {
  /** 0 for the first pass, then the number of the rescue. */
  readonly rescue: number;
  readonly plan: RunPlan;
  readonly problem: Problem;
  /** Indices of the items to be sampled. */
  readonly items: readonly number[];
  /** Work of an item, in items of the first pass. */
  readonly cost: number;
}

/** The first pass over the given items. */
export function firstPass(plan: RunPlan, problem: Problem, items: readonly number[]): Pass {
  return { rescue: 0, plan, problem, items, cost: 1 };
}

/**
 * The given items once more. Chunks are as large as the memory of the first pass allows, and of one item where a single one needs
 * more. Undefined where there is nothing to do, where the experiment has no harder parameters, or where not even one item fits the caps.
 */
function rescuePass(
  first: RunPlan,
  rescue: number,
  items: readonly number[],
  report: AdapterReport | null,
): Pass | undefined {
  const params = items.length > 0 ? rescueParams(first, rescue) : undefined;
  if (!params) return undefined;
  const { workload, inputs, caps } = first;
  const config = { ...first.config, params };
  const shape = report ? workload.shape(report, params, inputs, first.sizes, config.precision) : first.shape;
  const fitting = largestFitting(Math.min(first.chunk, items.length), (size) => {
    const buffers = workload.plan(params, inputs, size, shape, first.sizes);
    const small = planBytes(buffers) <= first.totalBytes && largestBufferBytes(buffers) <= caps.maxBufferBytes;
    return small || report === null;
  });
  const plan = planRun(workload, config, inputs, report, { chunk: Math.max(1, fitting) });
  if (plan.tooLarge) return undefined;
  const problem = workload.prepare(params, config.seed, inputs, rescue);
  return { rescue, plan, problem, items, cost: costOf(first, params) };
}

/** The next rescue after `rescue` that has something to do; `items` gives the indices of those that rescue n is about. */
export function nextRescue(
  first: RunPlan,
  rescue: number,
  items: (rescue: number) => readonly number[],
  report: AdapterReport | null,
): Pass | undefined {
  for (let next = rescue + 1; next <= MAX_RESCUES; next++) {
    const pass = rescuePass(first, next, items(next), report);
    if (pass) return pass;
  }
  return undefined;
}

/** The same pass in smaller chunks. */
export function smallerPass(pass: Pass, chunk: number, report: AdapterReport | null): Pass {
  const { workload, config, inputs } = pass.plan;
  return { ...pass, plan: planRun(workload, config, inputs, report, { chunk }) };
}

/** Work of an item in a rescue, in items of the first pass; 0 where there is no such rescue. */
export function rescueCost(first: RunPlan, rescue: number): number {
  const params = rescueParams(first, rescue);
  return params ? costOf(first, params) : 0;
}

function rescueParams({ workload, config }: RunPlan, rescue: number): ParamValues | undefined {
  return rescue <= MAX_RESCUES ? workload.rescue?.(config.params, rescue) : undefined;
}

function costOf({ workload, inputs, work }: RunPlan, params: ParamValues): number {
  return workload.work(params, inputs).gradientsPerItem / work.gradientsPerItem;
}
