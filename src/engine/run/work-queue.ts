/** What of a run is still to be done: the stage in hand, its chunks in their order, and how much work that is. */

import { splitItems } from '../plan/chunks.ts';
import { isSettled } from './attempts.ts';
import { type RunProgress, WATCHABLE } from './progress.ts';
import type { RunStages, Stage } from './stages.ts';
import type { ResultStore } from './store.ts';

export class WorkQueue {
  readonly #stages: RunStages;
  #stage: Stage;
  /** Chunks of the stage that are not settled, the one in flight first. */
  #chunks: (readonly number[])[];
  #done = 0;
  /** Chunks of the stages before this one. */
  #doneBefore = 0;
  /** Work of the stages before this one, in items of the first. */
  #workBefore = 0;

  constructor(stages: RunStages) {
    this.#stages = stages;
    this.#stage = stages.first();
    this.#chunks = splitItems(this.#stage.items, this.#stage.plan.chunk);
  }

  get stage(): Stage {
    return this.#stage;
  }
  /** Items of the chunk in flight, or the next one; none when the stage is over. */
  get chunk(): readonly number[] {
    return this.#chunks[0] ?? [];
  }
  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }
  /** Chunks of this stage that are settled. */
  get done(): number {
    return this.#done;
  }

  /** The chunk in flight is over. */
  settle(): void {
    this.#chunks.shift();
    this.#done++;
  }

  /** Items of the stage that have not been computed in it. */
  left(store: ResultStore): number[] {
    return this.#chunks.flat().filter((index) => !isSettled(store, index, this.#stage.rescue));
  }

  /** The rest of the stage in chunks anew. */
  cutAgain(stage: Stage, left: readonly number[]): void {
    this.#stage = stage;
    this.#chunks = splitItems(left, stage.plan.chunk);
  }

  turnTo(next: Stage): void {
    this.#workBefore += this.#stage.items.length * this.#stage.cost;
    this.#doneBefore += this.#done;
    this.#done = 0;
    this.cutAgain(next, next.items);
  }

  /** What the run will take, as far as it is known. */
  get expectedWork(): number {
    const { items, cost } = this.#stage;
    return this.#workBefore + items.length * cost + this.#stages.workAfter(this.#stage);
  }

  /** As the progress shows it: within the stage, and after its last chunk over all stages so far. */
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
