/** One chunk from its start until it can be collected: goes on, is held, takes single steps and shows itself as the gate says. */
import type { ChunkProgress, Peek, SavedItem, Session } from '../../workloads/workload.ts';
import type { Gate } from './gate.ts';

/** Work between two looks at the messages: the page's worker answers within this. */
const ADVANCE_MS = 100;
const PEEK_INTERVAL_MS = 200;
/** As much of a chunk is computed again where a run is killed. */
const SAVE_INTERVAL_MS = 2000;

/** What the walk tells the run. */
export interface WalkListener {
  held(): void;
  /** A single step begins; the walk is held again after it. */
  stepping(): void;
  going(): void;
  /** `now`: told at once, after a single step. */
  advanced(chunk: ChunkProgress, now: boolean): void;
  /** Absent where nobody looks: a look costs a readback. */
  peek?(peek: Peek): void;
  /** What of the chunk in flight is worth keeping, now and then, and before it is given up. */
  saved(items: readonly SavedItem[]): void;
}

export class ChunkWalk {
  readonly #gate: Gate;
  readonly #listener: WalkListener;
  readonly #now: () => number;
  readonly #breathes: boolean;
  #watched: { item?: number; part: number } = { part: 0 };
  #peekAt = Number.NEGATIVE_INFINITY;
  #steps = 0;
  #savedAt = 0;

  /** `breathes`: lets messages in between two advances. The CPU computes without ever waiting; GPU work waits for the device anyway. */
  constructor(gate: Gate, listener: WalkListener, now: () => number, breathes: boolean) {
    this.#gate = gate;
    this.#listener = listener;
    this.#now = now;
    this.#breathes = breathes;
  }

  /** Which item (index in the run; by default the first of the chunk) and which part of it are looked at. */
  watch(what: { item?: number; part: number }): void {
    this.#watched = what;
    this.#gate.look();
  }

  /**
   * Runs a chunk to its end. False when the run was stopped.
   * @param saved what some of its items go on from
   */
  async run(session: Session, items: readonly number[], saved: readonly SavedItem[] = []): Promise<boolean> {
    this.#steps = 0;
    this.#savedAt = this.#now();
    await session.start(items, saved);
    for (;;) {
      const pass = await this.#gate.pass(() => this.#listener.held());
      if (pass === 'stop') {
        await this.#save(session, true);
        return false;
      }
      if (pass === 'look') {
        await this.#peek(session, items, true);
        continue;
      }
      if (pass === 'go') this.#listener.going();
      else this.#listener.stepping();
      const chunk = pass === 'step' ? await this.#stepOnce(session) : await session.advance(ADVANCE_MS);
      this.#steps = chunk.steps;
      this.#listener.advanced(chunk, pass === 'step');
      if (chunk.phase === 'done') return true;
      await this.#save(session, pass === 'step');
      await this.#peek(session, items, pass === 'step');
      if (this.#breathes) await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /** One step, in as many slices as it needs (what comes before the first is part of it). */
  async #stepOnce(session: Session): Promise<ChunkProgress> {
    const target = this.#steps + 1;
    let chunk: ChunkProgress;
    do chunk = await session.advance(ADVANCE_MS, 1);
    while (chunk.steps < target && chunk.phase !== 'done' && !this.#gate.stopped);
    return chunk;
  }

  async #save(session: Session, now: boolean): Promise<void> {
    if (!session.saved || (!now && this.#now() - this.#savedAt < SAVE_INTERVAL_MS)) return;
    this.#savedAt = this.#now();
    this.#listener.saved(await session.saved());
  }

  async #peek(session: Session, items: readonly number[], now: boolean): Promise<void> {
    const due = now || this.#now() - this.#peekAt >= PEEK_INTERVAL_MS;
    if (!this.#listener.peek || !due) return;
    this.#peekAt = this.#now();
    const wanted = this.#watched.item;
    const item = wanted !== undefined && items.includes(wanted) ? wanted : items[0];
    const peek = await session.peek(item, this.#watched.part);
    if (peek) this.#listener.peek(peek);
  }
}
