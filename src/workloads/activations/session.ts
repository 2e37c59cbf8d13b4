/** A chunk of texts as a run knows it, whatever runs the decoder: some side by side, and the next where one is done. */
import type { DecoderBatch } from '../../nn/transformer/batch.ts';
import type { DatasetItem } from '../../results/dataset/item.ts';
import { type ChunkProgress, type SavedItem, type Session, SessionStateError } from '../workload.ts';
import { type ActivationsPeek, MOST_LOOKED_AT } from './peek.ts';
import type { ActivationsProblem } from './problem.ts';
import { textItem } from './result.ts';
import { readSavedText, TextWalk } from './text-walk.ts';

export class TextsSession implements Session<DatasetItem> {
  readonly #problem: ActivationsProblem;
  readonly #batch: DecoderBatch;
  #items: readonly number[] = [];
  /** Not placed yet, in order. */
  #waiting: TextWalk[] = [];
  readonly #placed = new Map<number, TextWalk>();
  readonly #done = new Map<number, DatasetItem>();
  #all: readonly TextWalk[] = [];
  #before = { work: 0, busyMs: 0 };
  #closed = false;

  constructor(problem: ActivationsProblem, batch: DecoderBatch) {
    this.#problem = problem;
    this.#batch = batch;
  }

  async start(items: readonly number[], saved: readonly SavedItem[] = []): Promise<void> {
    if (this.#closed) throw new SessionStateError('The session is closed.');
    const { settings, texts, items: infos } = this.#problem;
    const { work, busyMs } = this.#batch;
    const kept = new Map(saved.map(({ index, state }) => [index, readSavedText(state, texts[index])]));
    this.#items = items;
    this.#all = items.map((index) => new TextWalk(settings, index, texts[index], infos[index].seed, kept.get(index)));
    this.#waiting = [...this.#all];
    this.#placed.clear();
    this.#done.clear();
    this.#before = { work, busyMs };
    await this.#fill();
  }

  async advance(budgetMs: number, maxSteps?: number): Promise<ChunkProgress> {
    const until = performance.now() + budgetMs;
    do {
      await this.#batch.advance(Math.max(0, until - performance.now()), maxSteps);
      await this.#take();
      await this.#fill();
    } while (maxSteps === undefined && this.#placed.size > 0 && performance.now() < until);
    return this.#progress();
  }

  /** Texts that are done leave, or go into their second pass. */
  async #take(): Promise<void> {
    const again: TextWalk[] = [];
    for (const state of await this.#batch.states()) {
      const walk = this.#placed.get(state.slot);
      if (!walk?.take(state)) continue;
      this.#placed.delete(state.slot);
      if (walk.goOn()) again.push(walk);
      else await this.#keep(walk, state.slot);
    }
    this.#waiting.unshift(...again);
  }

  async #keep(walk: TextWalk, slot: number): Promise<void> {
    const { settings, items } = this.#problem;
    const finished = walk.finished(await this.#batch.sums(slot));
    this.#done.set(walk.index, textItem(items[walk.index], settings, walk.text, finished));
  }

  /** Texts that wait take the slots that are free. */
  async #fill(): Promise<void> {
    const { slots } = this.#batch.options;
    const starts = [];
    for (let slot = 0; slot < slots && this.#waiting.length > 0; slot++) {
      if (this.#placed.has(slot)) continue;
      const walk = this.#waiting.shift()!;
      this.#placed.set(slot, walk);
      starts.push(walk.start(slot));
    }
    if (starts.length > 0) await this.#batch.place(starts);
  }

  #progress(): ChunkProgress {
    const { work, busyMs, clock } = this.#batch;
    const stepsTotal = this.#all.reduce((sum, { allotted }) => sum + allotted, 0);
    // A text that ended early has done all of its share.
    const fed = this.#all.reduce((sum, walk) => sum + (this.#done.has(walk.index) ? walk.allotted : walk.fed), 0);
    const done = this.#done.size === this.#all.length;
    return {
      phase: done ? 'done' : 'sample',
      steps: done ? stepsTotal : Math.min(fed, stepsTotal - 1),
      stepsTotal,
      work: work - this.#before.work,
      busyMs: busyMs - this.#before.busyMs,
      clock,
    };
  }

  async peek(item: number): Promise<ActivationsPeek | undefined> {
    if (!this.#items.includes(item)) return undefined;
    const { tokenizer } = this.#problem.settings.model;
    return {
      item,
      step: this.#progress().steps,
      large: {
        newTokens: this.#problem.settings.params.maxNewTokens,
        texts: this.#all.slice(0, MOST_LOOKED_AT).map((walk) => {
          const { ids, prompt, given } = walk.text;
          const tokens = [...ids, ...walk.drawn];
          return {
            item: walk.index,
            label: given.label,
            pieces: tokenizer?.pieces(tokens) ?? tokens.map((id) => `${id} `),
            prompt,
            done: this.#done.has(walk.index),
          };
        }),
      },
    };
  }

  /** Tokens of every text so far; one that is done is read again. */
  async saved(): Promise<SavedItem[]> {
    return this.#all.flatMap((walk) => (walk.drawn.length > 0 ? [{ index: walk.index, state: walk.saved }] : []));
  }

  async collect(): Promise<DatasetItem[]> {
    return this.#items.map((index) => {
      const item = this.#done.get(index);
      if (!item) throw new SessionStateError('The chunk is not done.');
      return item;
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#batch.close();
  }
}
