/** The experiment on the CPU in f64: the same walk as the GPU session, for tests and for pages without WebGPU. */

import type { ItemInfo } from '../../../results/item.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { keyOfSeed } from '../../../stats/threefry.ts';
import { type ChunkProgress, type ItemFailure, type Session, SessionStateError } from '../../workload.ts';
import type { FixedValues, ModelSpec } from '../model-spec.ts';
import type { ShearPeek } from '../peek.ts';
import { ResidualChecks } from '../residuals/check.ts';
import { dataFault, resultFault } from '../soundness.ts';
import { DrawStore, describeFit, toUserUnits } from './draws.ts';
import { type Fit, fitPosterior } from './fit.ts';
import { PosteriorSampler } from './hmc.ts';
import { ShearPosterior } from './posterior.ts';
import { toNatural } from './transform.ts';

export interface TwinInput {
  readonly spec: ModelSpec;
  /** Noisy pixels of an item, row-major ny × nx, by its index in the run. */
  readonly observation: (index: number) => Float32Array;
  readonly info: (index: number) => ItemInfo;
  /** Values of an item's parameters that are not free. */
  readonly fixed: (index: number) => FixedValues;
  /** Names of the free parameters, in the order g1 g2 x y [flux hlr [e1 e2]]. */
  readonly parameterNames: readonly string[];
}

/** One item of the chunk, from its fit on. */
interface Lane {
  readonly info: ItemInfo;
  readonly data: Float32Array;
  readonly posterior: ShearPosterior;
  readonly sampler: PosteriorSampler;
  readonly mode: Fit['q'];
  readonly fit: PosteriorItem['fit'];
  readonly draws: DrawStore;
}

export class TwinSession implements Session<PosteriorItem> {
  readonly #input: TwinInput;
  readonly #total: number;
  readonly #residuals: ResidualChecks;
  #items: readonly number[] = [];
  #lanes: Lane[] = [];
  /** Transitions that all lanes have finished. */
  #transitions = 0;
  /** Lanes that have finished the current transition. */
  #cursor = 0;
  #busyMs = 0;
  #closed = false;
  #failures: ItemFailure[] = [];

  constructor(input: TwinInput) {
    this.#input = input;
    this.#total = input.spec.sampler.warmup + input.spec.sampler.draws;
    this.#residuals = new ResidualChecks(() => ({ ...input.spec, ...input.fixed(0) }));
  }

  async start(items: readonly number[]): Promise<void> {
    if (this.#closed) throw new SessionStateError('This session is closed; open a new one.');
    this.#items = [...items];
    this.#lanes = [];
    this.#transitions = 0;
    this.#cursor = 0;
    this.#busyMs = 0;
  }

  async advance(budgetMs: number, maxTransitions = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    const begin = performance.now();
    const stopAt = this.#transitions + maxTransitions;
    // At least one unit of work a call, however small the budget.
    do {
      if (this.#closed || this.#finished || this.#transitions >= stopAt) break;
      this.#workUnit();
    } while (performance.now() - begin < budgetMs);
    this.#busyMs += performance.now() - begin;
    // Lets the worker read its messages (pause, stop) between two calls.
    await new Promise((resolve) => setTimeout(resolve, 0));
    return this.#progress();
  }

  async peek(item: number, chain: number): Promise<ShearPeek | undefined> {
    const lane = this.#lanes[this.#items.indexOf(item)];
    const { spec } = this.#input;
    if (this.#closed || !lane || chain < 0 || chain >= spec.sampler.chains) return undefined;
    const positions = Array.from({ length: spec.sampler.chains }, (_, c) =>
      Array.from(toUserUnits(spec, toNatural(spec, lane.sampler.positionOf(c)))),
    );
    const transition = lane.sampler.transition;
    const model = Float32Array.from(lane.posterior.image(lane.sampler.positionOf(chain)));
    return {
      item,
      step: transition,
      own: {
        chain,
        positions,
        warmup: transition < spec.sampler.warmup,
        acceptance: lane.sampler.record(chain).acceptance,
        stepSize: lane.sampler.stepSize,
      },
      large: { ny: spec.ny, nx: spec.nx, data: lane.data.slice(), model },
    };
  }

  async collect(): Promise<PosteriorItem[]> {
    if (this.#closed || !this.#finished)
      throw new SessionStateError('The chunk has not finished: call advance until it reports "done".');
    const sound: PosteriorItem[] = [];
    this.#failures = [];
    for (const lane of this.#lanes) {
      const { data, draws, info, fit, posterior } = lane;
      const item = draws.item(info, fit, posterior.gradients);
      const error = dataFault(data, posterior.spec.nx) ?? resultFault(item);
      if (error) this.#failures.push({ index: info.index, error });
      else sound.push({ ...item, fit: this.#withResiduals(lane) });
    }
    return sound;
  }

  #withResiduals({ data, fit, mode, posterior: { spec } }: Lane): PosteriorItem['fit'] {
    const residuals = this.#residuals.of(
      spec,
      mode,
      data.map((value) => value / spec.noiseSigma),
    );
    return residuals ? { ...fit, residuals } : fit;
  }

  failures(): readonly ItemFailure[] {
    return this.#failures;
  }

  close(): void {
    this.#closed = true;
    this.#lanes = [];
    this.#items = [];
  }

  get #finished(): boolean {
    if (this.#items.length === 0) return true;
    return this.#lanes.length === this.#items.length && this.#transitions >= this.#total;
  }

  /** One fit, or one transition of one item. */
  #workUnit(): void {
    if (this.#lanes.length < this.#items.length) {
      this.#lanes.push(this.#openLane(this.#items[this.#lanes.length]));
      return;
    }
    const { warmup } = this.#input.spec.sampler;
    const lane = this.#lanes[this.#cursor];
    lane.sampler.advance();
    if (this.#transitions >= warmup) lane.draws.keep(lane.sampler, this.#transitions - warmup);
    this.#cursor++;
    if (this.#cursor === this.#lanes.length) {
      this.#cursor = 0;
      this.#transitions++;
    }
  }

  #openLane(index: number): Lane {
    const { observation, info, parameterNames } = this.#input;
    const spec = { ...this.#input.spec, ...this.#input.fixed(index) };
    const data = observation(index);
    const item = info(index);
    const posterior = new ShearPosterior(spec, data);
    const fit = fitPosterior(posterior);
    const sampler = new PosteriorSampler(posterior, fit, keyOfSeed(item.seed));
    const draws = new DrawStore(spec, parameterNames);
    return {
      info: item,
      data,
      posterior,
      sampler,
      mode: fit.q,
      fit: describeFit(spec, fit, posterior.chi2(fit.q)),
      draws,
    };
  }

  #progress(): ChunkProgress {
    const { warmup } = this.#input.spec.sampler;
    let phase: ChunkProgress['phase'] = 'sample';
    if (this.#lanes.length < this.#items.length) phase = 'fit';
    else if (this.#finished) phase = 'done';
    else if (this.#transitions < warmup) phase = 'warmup';
    return {
      phase,
      steps: this.#transitions,
      stepsTotal: this.#total,
      work: this.#lanes.reduce((sum, lane) => sum + lane.posterior.gradients, 0),
      busyMs: this.#busyMs,
      clock: 'wall',
    };
  }
}
