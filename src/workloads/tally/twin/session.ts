/** A chunk of tables on the CPU. */
import type { DatasetItem } from '../../../results/dataset/item.ts';
import { type ChunkProgress, type Session, SessionStateError } from '../../workload.ts';
import type { TallyProblem } from '../problem.ts';
import { chunkProgress } from '../progress.ts';
import { tallyItem } from '../result.ts';
import { addThrows, FACES } from './throws.ts';

/** Throws between two looks at the clock. */
const ADDED = 256;

export class TallyTwinSession implements Session<DatasetItem> {
  readonly #problem: TallyProblem;
  #items: readonly number[] = [];
  #counts: Int32Array<ArrayBuffer>[] = [];
  #thrown = 0;
  #closed = false;

  constructor(problem: TallyProblem) {
    this.#problem = problem;
  }

  async start(items: readonly number[]): Promise<void> {
    if (this.#closed) throw new SessionStateError('The session is closed.');
    this.#items = items;
    this.#counts = items.map(() => new Int32Array(FACES * FACES));
    this.#thrown = 0;
  }

  async advance(budgetMs: number, maxSteps = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    const { params, items } = this.#problem;
    const begin = performance.now();
    const end = Math.min(params.throws, this.#thrown + maxSteps);
    while (this.#thrown < end) {
      const count = Math.min(ADDED, end - this.#thrown);
      for (const [at, index] of this.#items.entries())
        addThrows(this.#counts[at], items[index].seed, this.#thrown, count);
      this.#thrown += count;
      if (performance.now() - begin >= budgetMs) break;
    }
    return chunkProgress(params, this.#items.length, this.#thrown, {
      busyMs: performance.now() - begin,
      clock: 'wall',
    });
  }

  async peek(): Promise<undefined> {
    return undefined;
  }

  async collect(): Promise<DatasetItem[]> {
    return this.#items.map((index, at) =>
      tallyItem(this.#problem.items[index], this.#problem.params.throws, this.#counts[at]),
    );
  }

  close(): void {
    this.#closed = true;
    this.#counts = [];
  }
}
