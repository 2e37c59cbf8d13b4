/** What every session knows of its chunk, wherever it computes: the observations, the draws that they want, and what came of them. */

import type { PosteriorItem } from '../../results/posterior/item.ts';
import { type ItemFailure, SessionStateError } from '../workload.ts';
import type { FlowProblem } from './problem.ts';
import { collectDrawn } from './result.ts';
import { AcceptedDraws } from './sampling/accepted.ts';

export class ChunkDraws {
  readonly #problem: FlowProblem;
  #items: readonly number[] = [];
  #draws: AcceptedDraws | undefined;
  #failures: readonly ItemFailure[] = [];
  #closed = false;

  constructor(problem: FlowProblem) {
    this.#problem = problem;
  }

  /** Indices in the run of the chunk's observations, by row. */
  get items(): readonly number[] {
    return this.#items;
  }
  get closed(): boolean {
    return this.#closed;
  }
  get failures(): readonly ItemFailure[] {
    return this.#failures;
  }

  /** Turns to other observations. */
  begin(items: readonly number[]): AcceptedDraws {
    this.assertOpen();
    const { params, task, accepts } = this.#problem;
    const wanted = items.map((index, row) => ({ row, stream: index, count: params.samples }));
    this.#items = [...items];
    this.#draws = new AcceptedDraws(wanted, task.thetaDim, accepts);
    return this.#draws;
  }

  /** @throws SessionStateError before `begin` and after `close` */
  get draws(): AcceptedDraws {
    this.assertOpen();
    if (!this.#draws) throw new SessionStateError('There is no chunk: call start first.');
    return this.#draws;
  }

  /** @throws SessionStateError before all draws are there */
  collect(): PosteriorItem[] {
    this.assertOpen();
    if (!this.#draws?.done)
      throw new SessionStateError('The chunk has not finished: call advance until it reports "done".');
    const { sound, failures } = collectDrawn(this.#problem, this.#items, this.#draws.drawn());
    this.#failures = failures;
    return sound;
  }

  close(): void {
    this.#closed = true;
    this.#items = [];
  }

  assertOpen(): void {
    if (this.#closed) throw new SessionStateError('This session is closed; open a new one.');
  }
}
