/** A chunk of bananas on the CPU, in f64. */
import type { ChainsLook } from '../../../results/posterior/chains-look.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { type ChunkProgress, type Peek, type Session, SessionStateError } from '../../workload.ts';
import type { BananaProblem } from '../problem.ts';
import { chunkProgress, peekOf } from '../progress.ts';
import { bananaItem } from '../result.ts';
import { Walk } from './walk.ts';

/** One chain of an item, and what is kept of its draws. */
interface Chain {
  readonly walk: Walk;
  readonly kept: number[];
}

export class BananaTwinSession implements Session<PosteriorItem> {
  readonly #problem: BananaProblem;
  #items: readonly number[] = [];
  #chains: Chain[][] = [];
  #transition = 0;
  #closed = false;

  constructor(problem: BananaProblem) {
    this.#problem = problem;
  }

  async start(items: readonly number[]): Promise<void> {
    if (this.#closed) throw new SessionStateError('The session is closed.');
    const { params, items: infos } = this.#problem;
    this.#items = items;
    this.#transition = 0;
    this.#chains = items.map((index) =>
      Array.from({ length: params.chains }, (_, chain) => ({
        walk: new Walk(params, infos[index].seed, chain),
        kept: [],
      })),
    );
  }

  async advance(budgetMs: number, maxSteps = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    const { params } = this.#problem;
    const begin = performance.now();
    const end = Math.min(params.warmup + params.draws, this.#transition + maxSteps);
    while (this.#transition < end) {
      for (const { walk, kept } of this.#chains.flat()) {
        const numbers = walk.transit(this.#transition);
        if (this.#transition >= params.warmup) kept.push(...numbers);
      }
      this.#transition++;
      if (performance.now() - begin >= budgetMs) break;
    }
    const busyMs = performance.now() - begin;
    return chunkProgress(params, this.#items.length, this.#transition, { busyMs, clock: 'wall' });
  }

  async peek(item: number, chain: number): Promise<Peek<ChainsLook> | undefined> {
    const at = this.#items.indexOf(item);
    if (at < 0 || this.#transition === 0) return undefined;
    const positions = this.#chains[at].map(({ walk }) => [...walk.position]);
    return peekOf(this.#problem.params, { item, chain, positions, step: this.#transition });
  }

  async collect(): Promise<PosteriorItem[]> {
    const { params, items } = this.#problem;
    return this.#items.map((index, at) =>
      bananaItem(
        items[index],
        params,
        this.#chains[at].flatMap(({ kept }) => kept),
      ),
    );
  }

  close(): void {
    this.#closed = true;
    this.#chains = [];
  }
}
