/** A metric as a run knows it: one item, computed over one machine, given up and taken up again between two pieces of work. */
import type { JsonValue } from '../../bundle/json.ts';
import type { Machine, Machines } from '../../nn/graph/machine.ts';
import type { DatasetItem } from '../../results/dataset/item.ts';
import { type ChunkProgress, type Peek, type SavedItem, type Session, SessionStateError } from '../workload.ts';
import { planned } from './configured.ts';
import type { MetricOutcome, MetricProgress } from './metrics/metric.ts';
import type { AnalysisProblem } from './problem.ts';
import { metricItem, refusedItem } from './result.ts';

export class MetricSession implements Session<DatasetItem> {
  readonly #problem: AnalysisProblem;
  readonly #machines: Machines;
  readonly #clock: () => number;
  #machine: Machine | undefined;
  #index = 0;
  #run: AsyncGenerator<MetricProgress, MetricOutcome> | undefined;
  #item: DatasetItem | undefined;
  #latest: MetricProgress = { done: 0 };
  #total = 1;
  #busyMs = 0;
  #closed = false;

  constructor(problem: AnalysisProblem, machines: Machines, clock: () => number = () => performance.now()) {
    this.#problem = problem;
    this.#machines = machines;
    this.#clock = clock;
  }

  /** Takes the memory of the stage's metric. @throws what allocation throws */
  async open(): Promise<this> {
    await this.#open(this.#problem.stage);
    return this;
  }

  async #open(index: number): Promise<void> {
    const { metric, setting, objection } = this.#planned(index);
    if (objection !== undefined) return;
    this.#machine ??= await this.#machines.open(metric.machine(setting), setting.theta);
  }

  async start([index]: readonly number[], saved: readonly SavedItem[] = []): Promise<void> {
    if (this.#closed) throw new SessionStateError('The session is closed.');
    if (index !== this.#problem.stage) throw new SessionStateError(`The session is of metric ${this.#problem.stage}.`);
    const { metric, setting, objection } = this.#planned(index);
    this.#index = index;
    this.#item = undefined;
    this.#busyMs = 0;
    this.#latest = { done: 0 };
    const info = this.#problem.items[index];
    if (objection !== undefined) {
      this.#item = refusedItem(info, metric, objection);
      return;
    }
    await this.#open(index);
    this.#total = Math.max(1, Math.round(metric.work(setting)));
    const state = saved.find((each) => each.index === index)?.state;
    this.#run = metric.run({ setting, machine: this.#machine!, ...(state !== undefined && { saved: state }) });
  }

  async advance(budgetMs: number, maxSteps = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    const begin = this.#clock();
    let pieces = 0;
    while (!this.#item && pieces < maxSteps && (pieces === 0 || this.#clock() - begin < budgetMs)) {
      const next = await this.#run!.next();
      pieces++;
      if (next.done) {
        const { metric, setting } = this.#planned(this.#index);
        this.#item = metricItem(this.#problem.items[this.#index], metric, setting, next.value);
      } else this.#latest = next.value;
    }
    this.#busyMs += this.#clock() - begin;
    const done = this.#item !== undefined;
    const steps = done ? this.#total : Math.min(this.#total - 1, Math.round(this.#latest.done));
    return {
      phase: done ? 'done' : 'sample',
      steps,
      stepsTotal: this.#total,
      work: steps,
      busyMs: this.#busyMs,
      clock: 'wall',
    };
  }

  async peek(item: number): Promise<Peek | undefined> {
    if (item !== this.#index) return undefined;
    return { item, step: Math.round(this.#latest.done), own: { done: this.#latest.done, total: this.#total } };
  }

  async saved(): Promise<readonly SavedItem[]> {
    const state: JsonValue | undefined = this.#item ? undefined : await this.#latest.saved?.();
    return state === undefined ? [] : [{ index: this.#index, state }];
  }

  async collect(): Promise<DatasetItem[]> {
    if (!this.#item) throw new SessionStateError('The metric is not done.');
    return [this.#item];
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#machine?.close();
  }

  #planned(index: number) {
    const { params, file, sizes, seed } = this.#problem;
    return planned(params.metrics[index], params, file, sizes, seed);
  }
}
