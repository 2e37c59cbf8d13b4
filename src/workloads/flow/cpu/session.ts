/** A chunk of observations on the CPU: the same rounds as the GPU session's, with the network in f32 or, as its twin, in f64. */

import type { PosteriorItem } from '../../../results/posterior/item.ts';
import type { ChunkProgress, ItemFailure, Session } from '../../workload.ts';
import { ChunkDraws } from '../chunk-draws.ts';
import { type ParticlesPeek, particlePeek } from '../peek.ts';
import type { FlowProblem } from '../problem.ts';
import type { AcceptedDraws } from '../sampling/accepted.ts';
import { SAMPLES_A_GROUP } from '../sampling/plan.ts';
import type { SampleGroup } from '../sampling/sampler.ts';
import type { Walk, Walker } from './walk.ts';

export class FlowCpuSession implements Session<PosteriorItem> {
  readonly #problem: FlowProblem;
  readonly #chunk: ChunkDraws;
  readonly #walker: Walker;
  #groups: readonly SampleGroup[] = [];
  #walks: readonly Walk[] = [];
  /** Steps that all walks of the round have made, and walks that have made one more. */
  #step = 0;
  #cursor = 0;
  #rounds = 0;
  /** Of the rounds that are over. */
  #evaluations = 0;
  #busyMs = 0;

  constructor(problem: FlowProblem, walker: Walker) {
    this.#problem = problem;
    this.#chunk = new ChunkDraws(problem);
    this.#walker = walker;
  }

  async start(items: readonly number[]): Promise<void> {
    const draws = this.#chunk.begin(items);
    this.#rounds = 0;
    this.#evaluations = 0;
    this.#busyMs = 0;
    this.#beginRound(draws);
  }

  async advance(budgetMs: number, maxTransitions = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    const { draws } = this.#chunk;
    const begin = performance.now();
    const { steps } = this.#problem.params;
    // At least one step of one walk a call, however small the budget.
    for (let allowed = maxTransitions; !draws.done && allowed > 0; ) {
      const walk = this.#walks[this.#cursor++];
      // An adaptive solver is at the end of some samples before others.
      if (!walk.done) await walk.advance();
      // Closed meanwhile.
      if (this.#chunk.closed) break;
      if (this.#cursor === this.#walks.length) {
        this.#cursor = 0;
        this.#step++;
        allowed--;
        if (this.#step === steps || this.#walks.every(({ done }) => done)) this.#endRound(draws);
      }
      if (performance.now() - begin >= budgetMs) break;
    }
    this.#busyMs += performance.now() - begin;
    // Lets the worker read its messages (pause, stop) between two calls.
    await new Promise((resolve) => setTimeout(resolve, 0));
    return {
      phase: draws.done ? 'done' : 'sample',
      steps: this.#rounds * steps + this.#step,
      stepsTotal: (this.#rounds + (draws.done ? 0 : 1)) * steps,
      work: this.#evaluations + this.#walks.reduce((sum, { allEvaluations }) => sum + allEvaluations, 0),
      busyMs: this.#busyMs,
      clock: 'wall',
    };
  }

  async peek(item: number): Promise<ParticlesPeek | undefined> {
    const row = this.#chunk.items.indexOf(item);
    if (this.#chunk.closed || row < 0 || this.#step === 0) return undefined;
    const first = this.#groups.findIndex((group) => group.row === row);
    if (first < 0) return undefined;
    const last = this.#groups.findLastIndex((group) => group.row === row);
    const { task, params } = this.#problem;
    const perGroup = SAMPLES_A_GROUP * task.thetaDim;
    const positions = Float32Array.from(this.#positions().subarray(first * perGroup, (last + 1) * perGroup));
    return particlePeek(item, task.thetaDim, positions, this.#step, params);
  }

  async collect(): Promise<PosteriorItem[]> {
    return this.#chunk.collect();
  }

  failures(): readonly ItemFailure[] {
    return this.#chunk.failures;
  }

  close(): void {
    this.#chunk.close();
    this.#walks = [];
    this.#walker.close();
  }

  #beginRound(draws: AcceptedDraws): void {
    const { params, context } = this.#problem;
    const perItem = Math.ceil(params.samples / SAMPLES_A_GROUP);
    this.#groups = draws.next(perItem * this.#chunk.items.length);
    this.#walks = this.#walker.begin(this.#groups, this.#chunk.items.map(context));
    this.#step = 0;
    this.#cursor = 0;
  }

  #endRound(draws: AcceptedDraws): void {
    const { thetaDim } = this.#problem.task;
    const evaluations = this.#walks.flatMap((walk) => walk.evaluations);
    const positions = this.#positions();
    const arrived = this.#walks.flatMap((walk) => walk.arrived);
    arrived.forEach((there, i) => {
      if (!there) positions.fill(Number.NaN, i * thetaDim, (i + 1) * thetaDim);
    });
    draws.take(this.#groups, positions, evaluations);
    this.#evaluations += evaluations.reduce((sum, each) => sum + each, 0);
    this.#walks = [];
    this.#rounds++;
    this.#step = 0;
    if (!draws.done) this.#beginRound(draws);
  }

  /** Of all samples of the round, [group][4][parameter]. */
  #positions(): Float64Array {
    const all = new Float64Array(this.#groups.length * SAMPLES_A_GROUP * this.#problem.task.thetaDim);
    let at = 0;
    for (const { positions } of this.#walks) {
      all.set(positions, at);
      at += positions.length;
    }
    return all;
  }
}
