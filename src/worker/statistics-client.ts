/** The page's end of the statistics' worker: sends each item once, in portions, and has one question under way at a time. */
import type { ItemSummary } from '../results/posterior/item-summary.ts';
import type { RunStatistics, StatisticsContext } from '../results/posterior/statistics.ts';
import { statisticsItem } from '../results/posterior/statistics-item.ts';
import type { Port } from './client.ts';
import type { IndexedItem, StatisticsReply, StatisticsRequest } from './statistics.ts';

/** Items a message: copying them for the other thread takes about a millisecond. */
const PORTION = 200;
/** After an answer the worker rests this many times as long as it took, so that statistics never take more than a quarter of a core. */
const REST = 3;

/** What the statistics are wanted of. */
export interface StatisticsInput {
  /** Stands for the run: statistics of another one are not shown any more. */
  readonly run: unknown;
  readonly summaries: readonly ItemSummary[];
  readonly context: StatisticsContext;
}

/** Starts the worker. */
export function startStatisticsWorker(): Worker {
  return new Worker(new URL('./statistics.worker.ts', import.meta.url), {
    type: 'module',
    name: 'lockstep-statistics',
  });
}

export class StatisticsClient {
  readonly #port: Port;
  readonly #listeners = new Set<() => void>();
  /** What the worker holds, by index. */
  readonly #sent = new Map<number, ItemSummary>();
  #run: unknown;
  #wanted: StatisticsInput | undefined;
  #working = false;
  #latest: RunStatistics | undefined;
  #problem: string | undefined;
  #answered: ((reply: StatisticsReply) => void) | undefined;
  /** What became of the worker: it answers no more. */
  #dead: StatisticsReply | undefined;

  constructor(port: Port = startStatisticsWorker()) {
    this.#port = port;
    port.onmessage = (event) => this.#answered?.(event.data as StatisticsReply);
    port.onerror = (event) => this.#die(event.message || 'their worker could not be loaded');
    port.onmessageerror = () => this.#die('a message from their worker could not be read');
  }

  /** The newest statistics of the run that was asked for last; undefined until its first answer. */
  readonly latest = (): RunStatistics | undefined => this.#latest;
  /** Why there are none, in words. */
  readonly problem = (): string | undefined => this.#problem;

  /** Listens to new statistics; returns the function that stops listening. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Asks for statistics. Of questions that come while one is under way only the last is answered. */
  readonly ask = (input: StatisticsInput): void => {
    this.#wanted = input;
    if (input.run !== this.#run) {
      this.#run = input.run;
      this.#clear();
      this.#tell(undefined, undefined);
    }
    if (!this.#working) void this.#work();
  };

  async #work(): Promise<void> {
    this.#working = true;
    for (let input = this.#take(); input; input = this.#take()) {
      await this.#send(input);
      if (input.run !== this.#run) continue;
      const reply = await this.#compute(input);
      if (input.run !== this.#run) continue;
      if (reply.type === 'failed') this.#tell(undefined, reply.message);
      else {
        this.#tell(reply.statistics, undefined);
        await rest(REST * reply.ms);
      }
    }
    this.#working = false;
  }

  #take(): StatisticsInput | undefined {
    const input = this.#wanted;
    this.#wanted = undefined;
    return input;
  }

  /** The summaries that the worker does not have yet. */
  async #send({ run, summaries }: StatisticsInput): Promise<void> {
    // Items that are gone: the results are others than those that were sent.
    if (summaries.filter(({ info }) => this.#sent.has(info.index)).length < this.#sent.size) this.#clear();
    const fresh = summaries.filter((summary) => this.#sent.get(summary.info.index) !== summary);
    for (let from = 0; from < fresh.length && run === this.#run; from += PORTION) {
      if (from > 0) await rest(0);
      if (run !== this.#run) return;
      const portion = fresh.slice(from, from + PORTION);
      const items = portion.map((summary): IndexedItem => ({ index: summary.info.index, ...statisticsItem(summary) }));
      this.#post({ type: 'put', items });
      for (const summary of portion) this.#sent.set(summary.info.index, summary);
    }
  }

  #compute({ context }: StatisticsInput): Promise<StatisticsReply> {
    return new Promise((resolve) => {
      if (this.#dead) return resolve(this.#dead);
      this.#answered = resolve;
      this.#post({ type: 'compute', context });
    });
  }

  #die(message: string): void {
    this.#dead = { type: 'failed', message };
    this.#answered?.(this.#dead);
  }

  #clear(): void {
    this.#sent.clear();
    this.#post({ type: 'clear' });
  }

  #post(request: StatisticsRequest): void {
    this.#port.postMessage(request, []);
  }

  #tell(latest: RunStatistics | undefined, problem: string | undefined): void {
    this.#latest = latest;
    this.#problem = problem;
    for (const listener of this.#listeners) listener();
  }
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
