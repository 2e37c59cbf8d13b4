/** A chunk of cells as a run knows it, whatever drives it from masks to tokens. */
import type { TokenItem } from '../../results/tokens/item.ts';
import { type ChunkProgress, type Session, SessionStateError } from '../workload.ts';
import { type CellsPeek, MOST_LOOKED_AT } from './peek.ts';
import type { CellsProblem } from './problem.ts';
import { cellItem } from './result.ts';
import type { CellsToSample } from './sampling/reveal-plan.ts';
import type { TimedSampler } from './sampling/token-sampler.ts';

/** What drives a chunk; on a device it can be looked at without waiting for what is under way. */
export interface DrivenSampler extends TimedSampler {
  look?(first: number, count: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

export class CellsSession implements Session<TokenItem> {
  readonly #problem: CellsProblem;
  readonly #sampler: DrivenSampler;
  #items: readonly number[] = [];
  #busyBefore = 0;
  #closed = false;

  constructor(problem: CellsProblem, sampler: DrivenSampler) {
    this.#problem = problem;
    this.#sampler = sampler;
  }

  async start(items: readonly number[]): Promise<void> {
    if (this.#closed) throw new SessionStateError('The session is closed.');
    this.#items = items;
    this.#busyBefore = this.#sampler.busyMs;
    this.#sampler.begin(cellsToSample(this.#problem, items));
  }

  async advance(budgetMs: number, maxSteps?: number): Promise<ChunkProgress> {
    const sampler = this.#sampler;
    await sampler.advance(budgetMs, maxSteps);
    const { steps, done, revealed, busyMs, clock } = sampler;
    return {
      phase: done ? 'done' : 'sample',
      steps: done ? steps : Math.min(sampler.step, steps - 1),
      stepsTotal: steps,
      work: revealed,
      busyMs: busyMs - this.#busyBefore,
      clock,
    };
  }

  async peek(item: number): Promise<CellsPeek | undefined> {
    if (!this.#items.includes(item)) return undefined;
    const { steps, step } = this.#sampler;
    const { genes, bins } = this.#sampler.settings;
    const items = this.#items.slice(0, MOST_LOOKED_AT);
    const tokens = await this.#look(items.length, genes);
    return tokens && { item, step, large: { items, genes, mask: bins, tokens, steps } };
  }

  /** Tokens of the first cells as they are now; undefined where a device is busy with earlier looks. */
  async #look(count: number, genes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.#sampler.look) return this.#sampler.look(0, count);
    return (await this.#sampler.tokens()).slice(0, count * genes);
  }

  async collect(): Promise<TokenItem[]> {
    const { items } = this.#problem;
    const { genes } = this.#sampler.settings;
    const tokens = await this.#sampler.tokens();
    return this.#items.map((index, at) =>
      cellItem(this.#problem, items[index], tokens.slice(at * genes, (at + 1) * genes)),
    );
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sampler.close();
  }
}

/** Seeds, labels and known genes of some items. */
export function cellsToSample(
  { items, labels, known, model }: CellsProblem,
  indices: readonly number[],
): CellsToSample {
  const genes = model.genes.length;
  const start = known && new Uint8Array(indices.length * genes);
  indices.forEach((index, at) => {
    start?.set(known![index].tokens, at * genes);
  });
  return {
    seeds: Uint32Array.from(indices, (index) => items[index].seed),
    // A mixture knows no labels.
    ...(model.kind === 'network' && {
      labels: Uint32Array.from(indices.flatMap((index) => [labels[index].perturbation, labels[index].cellType])),
    }),
    ...(start && { start }),
  };
}
