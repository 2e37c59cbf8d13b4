/**
 * The passes of a run: all items first, then, at most twice, those whose posterior missed a threshold, with the harder parameters
 * that the experiment gives (`Workload.rescue`). Which items are sampled again follows from their own results alone, so the outcome
 * does not depend on the batch size.
 */

import type { AdapterReport } from '../gpu/report.ts';
import type { ParamValues } from '../workloads/params.ts';
import type { Problem } from '../workloads/workload.ts';
import type { PassPlan } from './pass-plan.ts';
import { planPass, type RunPlan } from './plan-run.ts';
import { MAX_RESCUES, planRescue, type RescuePlan } from './rescue-plan.ts';

export interface Pass {
  /** 0 for the first pass, then the number of the rescue. */
  readonly rescue: number;
  readonly plan: PassPlan;
  readonly problem: Problem;
  /** Indices of the items to be sampled. */
  readonly items: readonly number[];
  /** Work of an item, in items of the first pass. */
  readonly cost: number;
}

/** The first pass over the given items. */
export function firstPass(plan: PassPlan, problem: Problem, items: readonly number[]): Pass {
  return { rescue: 0, plan, problem, items, cost: 1 };
}

/** A pass that does not fit is told to `refused` in words, with the items that it is about, and left out. */
type Refused = (items: readonly number[], reason: string) => void;

/** The next rescue after `rescue` that has something to do; `items` gives the indices of those that rescue n is about. */
export function nextRescue(
  first: PassPlan,
  rescue: number,
  items: (rescue: number) => readonly number[],
  report: AdapterReport | null,
  refused: Refused,
): Pass | undefined {
  for (let next = rescue + 1; next <= MAX_RESCUES; next++) {
    const failing = items(next);
    const plan = failing.length > 0 ? planRescue(first, next, failing.length, report) : undefined;
    if (plan?.tooLarge !== undefined) refused(failing, plan.tooLarge);
    else if (plan) return rescuePass(first, plan, failing, report);
  }
  return undefined;
}

function rescuePass(
  first: PassPlan,
  { rescue, params, chunk }: RescuePlan,
  items: readonly number[],
  report: AdapterReport | null,
): Pass {
  const { workload, inputs } = first;
  const config = { ...first.config, params };
  const plan = planPass(workload, config, inputs, report, { chunk });
  const problem = workload.prepare(params, config.seed, inputs, rescue);
  return { rescue, plan, problem, items, cost: costOf(first, params) };
}

/** The same pass in smaller chunks. */
export function smallerPass(pass: Pass, chunk: number, report: AdapterReport | null): Pass {
  const { workload, config, inputs } = pass.plan;
  return { ...pass, plan: planPass(workload, config, inputs, report, { chunk }) };
}

/** Work of an item in a rescue, in items of the first pass; 0 where there is no such rescue, or none that fits. */
export function rescueCost(first: RunPlan, rescue: number): number {
  const plan = first.rescues.find((planned) => planned.rescue === rescue);
  return plan && plan.tooLarge === undefined ? costOf(first, plan.params) : 0;
}

function costOf({ workload, inputs, work }: PassPlan, params: ParamValues): number {
  return workload.work(params, inputs).gradientsPerItem / work.gradientsPerItem;
}
