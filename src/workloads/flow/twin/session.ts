/** The experiment on the CPU in f64: the same walk as the GPU session, for tests and for pages without WebGPU. */
import {
  type ChunkProgress,
  type ItemFailure,
  type Peek,
  type PosteriorItem,
  type Session,
  SessionStateError,
} from '../../workload.ts';
import { particlePeek } from '../peek.ts';
import type { FlowProblem } from '../problem.ts';
import { collectDrawn } from '../result.ts';
import { AcceptedDraws } from '../sampling/accepted.ts';
import { SAMPLES_A_GROUP } from '../sampling/plan.ts';
import type { SampleGroup } from '../sampling/sampler.ts';
import { TwinPath } from '../sampling/twin.ts';

export class FlowTwinSession implements Session {
  readonly #problem: FlowProblem;
  #items: readonly number[] = [];
  #draws: AcceptedDraws | undefined;
  #groups: readonly SampleGroup[] = [];
  #paths: readonly TwinPath[] = [];
  /** Steps that all samples of the round have made, and samples that have made one more. */
  #step = 0;
  #cursor = 0;
  #rounds = 0;
  /** Of the rounds that are over. */
  #evaluations = 0;
  #busyMs = 0;
  #failures: readonly ItemFailure[] = [];
  #closed = false;

  constructor(problem: FlowProblem) {
    this.#problem = problem;
  }

  async start(items: readonly number[]): Promise<void> {
    this.#assertOpen();
    const { params, task, accepts } = this.#problem;
    const wanted = items.map((index, row) => ({ row, stream: index, count: params.samples }));
    this.#items = [...items];
    this.#draws = new AcceptedDraws(wanted, task.thetaDim, accepts);
    this.#rounds = 0;
    this.#evaluations = 0;
    this.#busyMs = 0;
    this.#beginRound(this.#draws);
  }

  async advance(budgetMs: number, maxTransitions = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    this.#assertOpen();
    const draws = this.#draws;
    if (!draws) throw new SessionStateError('There is no chunk: call start first.');
    const begin = performance.now();
    const { steps } = this.#problem.params;
    // At least one step of one sample a call, however small the budget.
    for (let allowed = maxTransitions; !draws.done && allowed > 0; ) {
      const path = this.#paths[this.#cursor++];
      // An adaptive solver is at the end of some samples before others.
      if (!path.done) path.advance();
      if (this.#cursor === this.#paths.length) {
        this.#cursor = 0;
        this.#step++;
        allowed--;
        if (this.#step === steps || this.#paths.every(({ done }) => done)) this.#endRound(draws);
      }
      if (performance.now() - begin >= budgetMs) break;
    }
    this.#busyMs += performance.now() - begin;
    // Lets the worker read its messages (pause, stop) between two calls.
    await new Promise((resolve) => setTimeout(resolve, 0));
    return {
      phase: draws.done ? 'done' : 'sample',
      transitions: this.#rounds * steps + this.#step,
      transitionsTotal: (this.#rounds + (draws.done ? 0 : 1)) * steps,
      gradients: this.#evaluations + this.#paths.reduce((sum, { evaluations }) => sum + evaluations, 0),
      busyMs: this.#busyMs,
      clock: 'wall',
    };
  }

  async peek(item: number): Promise<Peek | undefined> {
    const row = this.#items.indexOf(item);
    if (this.#closed || row < 0 || this.#step === 0) return undefined;
    const paths = this.#paths.filter((_, i) => this.#groups[Math.floor(i / SAMPLES_A_GROUP)].row === row);
    if (paths.length === 0) return undefined;
    const { task, params } = this.#problem;
    const positions = Float32Array.from(paths.flatMap(({ position }) => [...position]));
    return particlePeek(item, task.thetaDim, positions, this.#step, params.steps);
  }

  async collect(): Promise<PosteriorItem[]> {
    this.#assertOpen();
    if (!this.#draws?.done)
      throw new SessionStateError('The chunk has not finished: call advance until it reports "done".');
    const { sound, failures } = collectDrawn(this.#problem, this.#items, this.#draws.drawn());
    this.#failures = failures;
    return sound;
  }

  failures(): readonly ItemFailure[] {
    return this.#failures;
  }

  close(): void {
    this.#closed = true;
    this.#items = [];
    this.#paths = [];
  }

  #beginRound(draws: AcceptedDraws): void {
    const { model, params, seed, context } = this.#problem;
    const perItem = Math.ceil(params.samples / SAMPLES_A_GROUP);
    this.#groups = draws.next(perItem * this.#items.length);
    const contexts = this.#items.map(context);
    this.#paths = this.#groups.flatMap(({ row, sample, stream }) =>
      Array.from(
        { length: SAMPLES_A_GROUP },
        (_, c) => new TwinPath(model, contexts[row], stream, sample + c, { ...params, seed }),
      ),
    );
    this.#step = 0;
    this.#cursor = 0;
  }

  #endRound(draws: AcceptedDraws): void {
    const evaluations = this.#paths.map((path) => path.evaluations);
    const positions = this.#paths.flatMap(({ position, done }) =>
      done ? [...position] : new Array<number>(position.length).fill(Number.NaN),
    );
    draws.take(this.#groups, positions, evaluations);
    this.#evaluations += evaluations.reduce((sum, count) => sum + count, 0);
    this.#paths = [];
    this.#rounds++;
    this.#step = 0;
    if (!draws.done) this.#beginRound(draws);
  }

  #assertOpen(): void {
    if (this.#closed) throw new SessionStateError('This session is closed; open a new one.');
  }
}
