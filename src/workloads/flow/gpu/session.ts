/** A chunk of observations on the GPU: all their samples flow together, in rounds until each has as many as were asked for. */

import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { type ChunkProgress, type ItemFailure, type Session, SessionStateError } from '../../workload.ts';
import { ChunkDraws } from '../chunk-draws.ts';
import type { FlowShape } from '../kernel-shape.ts';
import { type ParticlesPeek, particlePeek } from '../peek.ts';
import { samplerOptions } from '../plan.ts';
import type { FlowProblem } from '../problem.ts';
import type { AcceptedDraws } from '../sampling/accepted.ts';
import { FlowSampler, type SampleGroup } from '../sampling/sampler.ts';
import { evaluationsOf } from '../sampling/solvers.ts';

/** Compiles the kernel and takes the plan's memory. Throws the typed errors of `GpuContext`. */
export async function openGpuSession(
  gpu: GpuContext,
  problem: FlowProblem,
  plan: BufferPlan,
  shape: FlowShape,
  sizes: BatchSizes = defaultSizes,
): Promise<FlowGpuSession> {
  const options = samplerOptions(problem.params, plan.chunk, shape, sizes);
  return new FlowGpuSession(problem, await FlowSampler.open(gpu, problem.model, options, plan));
}

export class FlowGpuSession implements Session<PosteriorItem> {
  readonly #problem: FlowProblem;
  readonly #chunk: ChunkDraws;
  readonly #sampler: FlowSampler;
  #groups: readonly SampleGroup[] = [];
  /** Rounds that are over, and the evaluations of their samples. */
  #rounds = 0;
  #evaluations = 0;
  #busyBefore = 0;

  constructor(problem: FlowProblem, sampler: FlowSampler) {
    this.#problem = problem;
    this.#chunk = new ChunkDraws(problem);
    this.#sampler = sampler;
  }

  async start(items: readonly number[]): Promise<void> {
    this.#chunk.assertOpen();
    const { rows } = this.#sampler.options;
    if (items.length === 0 || items.length > rows)
      throw new SessionStateError(`A chunk holds 1 to ${rows} items; ${items.length} were given.`);
    const { xDimension } = this.#problem.model.task;
    const contexts = new Float32Array(items.length * xDimension);
    items.forEach((index, row) => {
      contexts.set(this.#problem.context(index), row * xDimension);
    });
    this.#sampler.setObservations(contexts);
    const draws = this.#chunk.begin(items);
    this.#rounds = 0;
    this.#evaluations = 0;
    this.#busyBefore = this.#sampler.busyMs;
    this.#beginRound(draws);
  }

  async advance(budgetMs: number, maxTransitions = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    const { draws } = this.#chunk;
    const begin = performance.now();
    let allowed = maxTransitions;
    while (!draws.done && allowed > 0) {
      const before = this.#sampler.step;
      await this.#sampler.advance(budgetMs - (performance.now() - begin), allowed);
      allowed -= this.#sampler.step - before;
      if (this.#sampler.done) await this.#endRound(draws);
      if (performance.now() - begin >= budgetMs) break;
    }
    return this.#progress(draws);
  }

  async peek(item: number): Promise<ParticlesPeek | undefined> {
    const row = this.#chunk.items.indexOf(item);
    const first = this.#groups.findIndex((group) => group.row === row);
    if (this.#chunk.closed || row < 0 || first < 0) return undefined;
    const count = this.#groups.findLastIndex((group) => group.row === row) + 1 - first;
    const { step, options } = this.#sampler;
    const positions = await this.#sampler.look(first, count);
    const { thetaDim } = this.#problem.task;
    return positions && particlePeek(item, thetaDim, positions, step, options);
  }

  async collect(): Promise<PosteriorItem[]> {
    return this.#chunk.collect();
  }

  failures(): readonly ItemFailure[] {
    return this.#chunk.failures;
  }

  close(): void {
    this.#chunk.close();
    this.#groups = [];
    this.#sampler.close();
  }

  #beginRound(draws: AcceptedDraws): void {
    this.#groups = draws.next(this.#sampler.options.groups);
    this.#sampler.begin(this.#groups, this.#problem.seed);
  }

  async #endRound(draws: AcceptedDraws): Promise<void> {
    const { walked, options } = this.#sampler;
    const evaluations = walked?.evaluations ?? evaluationsOf(options.solver, options.steps);
    draws.take(this.#groups, await this.#sampler.positions(), evaluations);
    this.#rounds++;
    this.#evaluations += this.#sampler.evaluations;
    if (!draws.done) this.#beginRound(draws);
  }

  #progress({ done }: AcceptedDraws): ChunkProgress {
    const { step, evaluations, busyMs, clock, options } = this.#sampler;
    return {
      phase: done ? 'done' : 'sample',
      steps: this.#rounds * options.steps + (done ? 0 : step),
      stepsTotal: (this.#rounds + (done ? 0 : 1)) * options.steps,
      work: this.#evaluations + (done ? 0 : evaluations),
      busyMs: busyMs - this.#busyBefore,
      clock,
    };
  }
}
