/** What of a run is still to be done: the pass in hand, its chunks in their order, and how much work that is. */
import { isSettled, toRescue } from './attempts.ts';
import { splitItems } from './chunks.ts';
import { type Pass, rescueCost } from './passes.ts';
import type { RunPlan } from './plan-run.ts';
import { type RunProgress, WATCHABLE } from './progress.ts';
import type { ResultStore } from './store.ts';

export class WorkQueue {
  #pass: Pass;
  /** Chunks of the pass that are not settled, the one in flight first. */
  #chunks: (readonly number[])[];
  #done = 0;
  /** Chunks of the passes before this one. */
  #doneBefore = 0;
  /** Work of the passes before this one, in items of the first. */
  #workBefore = 0;

  constructor(first: Pass) {
    this.#pass = first;
    this.#chunks = splitItems(first.items, first.plan.chunk);
  }

  get pass(): Pass {
    return this.#pass;
  }
  /** Items of the chunk in flight, or the next one; none when the pass is over. */
  get chunk(): readonly number[] {
    return this.#chunks[0] ?? [];
  }
  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }
  /** Chunks of this pass that are settled. */
  get done(): number {
    return this.#done;
  }

  /** The chunk in flight is over. */
  settle(): void {
    this.#chunks.shift();
    this.#done++;
  }

  /** Items of the pass that have not been sampled in it. */
  left(store: ResultStore): number[] {
    return this.#chunks.flat().filter((index) => !isSettled(store, index, this.#pass.rescue));
  }

  /** The rest of the pass in chunks anew. */
  cutAgain(pass: Pass, left: readonly number[]): void {
    this.#pass = pass;
    this.#chunks = splitItems(left, pass.plan.chunk);
  }

  turnTo(next: Pass): void {
    this.#workBefore += this.#pass.items.length * this.#pass.cost;
    this.#doneBefore += this.#done;
    this.#done = 0;
    this.cutAgain(next, next.items);
  }

  /** What the run will take, as far as it is known: failed posteriors of this pass are sampled again in the next. */
  expectedWork(store: ResultStore, plan: RunPlan): number {
    const { items, cost, rescue } = this.#pass;
    const failing = toRescue(store, rescue + 1).length;
    const next = failing > 0 ? failing * rescueCost(plan, rescue + 1) : 0;
    return this.#workBefore + items.length * cost + next;
  }

  /** As the progress shows it: within the pass, and after its last chunk over all passes so far. */
  get place(): RunProgress['chunk'] {
    const { length } = this.#chunks;
    const all = this.#doneBefore + this.#done;
    return {
      index: length > 0 ? this.#done : Math.max(0, all - 1),
      count: length > 0 ? this.#done + length : all,
      size: this.chunk.length,
      watchable: this.chunk.slice(0, WATCHABLE),
    };
  }
}
