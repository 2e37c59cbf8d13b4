/**
 * The stages of a run: those of its plan first, in their order, then, at most twice, the items whose posterior missed a threshold, with the
 * harder parameters that the experiment gives (`Workload.rescue`). What a stage has to do follows from the store alone, so the outcome
 * depends neither on the batch size nor on where an earlier run was cut short.
 */

import type { AdapterReport } from '../../gpu/report.ts';
import type { Problem, WorkEstimate } from '../../workloads/workload.ts';
import { lessMemory } from '../plan/inner-chunk.ts';
import type { RunPlan } from '../plan/plan-run.ts';
import { CPU_BOUND, flopOf, MAX_RESCUES, mostRescued, planRescue, type RescuePlan } from '../plan/rescue-plan.ts';
import { planAgain, planStage, type StagePlan } from '../plan/stage-plan.ts';
import { toRescue, withoutResult } from './attempts.ts';
import { stageProblems } from './stage-shaders.ts';
import type { ResultStore } from './store.ts';

/** One pass over items. */
export interface Stage {
  /** Place in `RunPlan.stages`. */
  readonly index: number;
  /** 0 for the first pass, then the number of the rescue. */
  readonly rescue: number;
  readonly plan: StagePlan;
  readonly problem: Problem;
  /** Indices of the items to be computed. */
  readonly items: readonly number[];
  /** Work of an item, in items of the run's first stage. */
  readonly cost: number;
}

/** A stage that does not fit is told to `refused` in words, with the items that it is about, and left out. */
type Refused = (items: readonly number[], reason: string) => void;

/** Where a run stands among its stages. */
type Place = Pick<Stage, 'index' | 'rescue'>;

export class RunStages {
  readonly #plan: RunPlan;
  readonly #report: AdapterReport | null;
  readonly #store: ResultStore;
  /** Indices of the items that the run is about, stage by stage. */
  readonly #wanted: readonly (readonly number[])[];
  /** All items of each stage; undefined where there is only one. */
  readonly #own: readonly (ReadonlySet<number> | undefined)[];
  readonly #problems: readonly Problem[];
  /** The first pass of a stage after a split: what its rescues are planned from, so that they take no more memory than it could have. */
  readonly #split = new Map<number, StagePlan>();

  /** Prepares the problem of every stage: throws `ConfigError` before anything runs. `problem`: the run's own. */
  constructor(
    plan: RunPlan,
    report: AdapterReport | null,
    store: ResultStore,
    problem: Problem,
    wanted: readonly number[],
  ) {
    this.#plan = plan;
    this.#report = report;
    this.#store = store;
    this.#own = plan.stages.map(({ stage }) => stage && new Set(stage.items));
    this.#wanted = this.#own.map((own) => (own ? wanted.filter((index) => own.has(index)) : wanted));
    this.#problems = stageProblems(plan, problem);
  }

  /** The first stage, even if nothing of it is left to do. */
  first(): Stage {
    return this.#firstPass(0);
  }

  /** The next stage or rescue that has something to do. */
  next(after: Place, refused: Refused): Stage | undefined {
    for (const { index, rescue } of this.#placesAfter(after)) {
      const items = this.#toDo({ index, rescue });
      if (rescue > 0) {
        const left = this.#failing({ index, rescue }).slice(items.length);
        if (left.length > 0) refused(left, CPU_BOUND);
      }
      if (items.length === 0) continue;
      if (rescue === 0) return this.#firstPass(index);
      const stage = this.#rescue(index, rescue, items, refused);
      if (stage) return stage;
    }
    return undefined;
  }

  /** The run has several: what is wrong with one is not wrong with the others. */
  get areSeveral(): boolean {
    return this.#plan.stages.length > 1;
  }

  /** The stage in chunks of that size, for what is left of it. */
  inSmaller(stage: Stage, chunk: number): Stage {
    return this.#again(stage, planAgain(stage.plan, this.#report, chunk));
  }

  /** The stage with less of an item at once (`StageSpec.chunkEntry`), so that it takes less memory; undefined where nothing is left to halve. */
  inSmallerPieces(stage: Stage): Stage | undefined {
    const { plan } = stage;
    const less = lessMemory(plan, (value) => planAgain(plan, this.#report, plan.chunk, value));
    // The sizes that a problem was configured with are its own.
    return less && { ...this.#again(stage, less), problem: less.configured.prepare(less.config.seed) };
  }

  #again(stage: Stage, plan: StagePlan): Stage {
    if (stage.rescue === 0) this.#split.set(stage.index, plan);
    return { ...stage, plan };
  }

  /** Work of all items of the first passes, in items of the first stage: what has a result, and what has none. */
  get work(): { readonly done: number; readonly left: number } {
    let [done, left] = [0, 0];
    for (const [index, wanted] of this.#wanted.entries()) {
      const { length } = withoutResult(this.#store, wanted);
      left += length * this.#cost(index, 0);
      done += (wanted.length - length) * this.#cost(index, 0);
    }
    return { done, left };
  }

  /** Work to come after a stage as far as it is known: stages not begun, and rescues of what has failed so far. */
  workAfter(place: Place): number {
    return this.#placesAfter(place)
      .filter(({ rescue }) => rescue <= place.rescue + 1)
      .reduce((sum, next) => sum + this.#toDo(next).length * this.#cost(next.index, next.rescue), 0);
  }

  #placesAfter({ index, rescue }: Place): Place[] {
    const { length } = this.#plan.stages;
    const from = rescue * length + index + 1;
    const count = Math.max(0, (MAX_RESCUES + 1) * length - from);
    return Array.from({ length: count }, (_, i) => ({
      index: (from + i) % length,
      rescue: Math.floor((from + i) / length),
    }));
  }

  #toDo({ index, rescue }: Place): number[] {
    if (rescue === 0) return withoutResult(this.#store, this.#wanted[index]);
    const failing = this.#failing({ index, rescue });
    const planned = this.#plannedRescue(index, rescue);
    if (!planned) return failing;
    // What the rescue has done counts, so that a run that goes on stops where it would have.
    const done = this.#ownOf(
      index,
      this.#store.summaries().flatMap(({ attempts, info }) => (attempts > rescue ? [info.index] : [])),
    );
    const most = mostRescued(this.#plan.stages[index], planned.work, this.#report) - done.length;
    return failing.slice(0, Math.max(0, most));
  }

  #failing({ index, rescue }: Place): number[] {
    return this.#ownOf(index, toRescue(this.#store, rescue));
  }

  #ownOf(index: number, items: number[]): number[] {
    const own = this.#own[index];
    return own ? items.filter((item) => own.has(item)) : items;
  }

  #plannedRescue(index: number, rescue: number): RescuePlan | undefined {
    const { stages, rescues } = this.#plan;
    return rescues.find((plan) => plan.rescue === rescue && plan.stage === stages[index].stage?.name);
  }

  #firstPass(index: number): Stage {
    const items = this.#toDo({ index, rescue: 0 });
    const plan = this.#plan.stages[index];
    return { index, rescue: 0, plan, problem: this.#problems[index], items, cost: this.#cost(index, 0) };
  }

  #rescue(index: number, rescue: number, items: readonly number[], refused: Refused): Stage | undefined {
    const first = this.#split.get(index) ?? this.#plan.stages[index];
    const planned = planRescue(first, rescue, items.length, this.#report);
    if (!planned) return undefined;
    if (planned.tooLarge !== undefined) {
      refused(items, planned.tooLarge);
      return undefined;
    }
    const { workload, inputs, stage } = first;
    const { params, chunk, work } = planned;
    const plan = planStage(workload, { ...first.config, params }, inputs, this.#report, {
      chunk,
      stage: stage && { ...stage, params },
      rescue,
      inner: first.inner?.value,
    });
    const problem = plan.configured.prepare(plan.config.seed);
    return { index, rescue, plan, problem, items, cost: this.#costOf(work) };
  }

  /** Work of an item, in items of the first stage; 0 where there is no such rescue, or none that fits. */
  #cost(index: number, rescue: number): number {
    if (rescue === 0) return this.#costOf(this.#plan.stages[index].work);
    const planned = this.#plannedRescue(index, rescue);
    return planned && planned.tooLarge === undefined ? this.#costOf(planned.work) : 0;
  }

  #costOf(work: WorkEstimate): number {
    const cost = flopOf(work) / flopOf(this.#plan.stages[0].work);
    return Math.max(1, Math.round(cost * COST_GRID)) / COST_GRID;
  }
}

/** Costs are multiples of its inverse: their sums are exact, so a run that is over has done all of its work, not 0.9999999999999999 of it. */
const COST_GRID = 2 ** 16;
