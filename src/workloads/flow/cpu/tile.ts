/** Walks with the network in f32: as many samples together as a call of it takes. Positions and sums of the solvers stay in f64. */
import type { VelocityModel } from '../model.ts';
import { AdaptiveWalk, DEFAULT_TOLERANCE } from '../sampling/dopri5.ts';
import { noiseOf } from '../sampling/noise.ts';
import { SAMPLES_A_GROUP } from '../sampling/plan.ts';
import type { SampleGroup } from '../sampling/sampler.ts';
import { type Sampling, solverStep, startScale } from '../sampling/solver-step.ts';
import { isAdaptive } from '../sampling/solvers.ts';
import type { Asked, Step } from '../sampling/step.ts';
import type { VelocityNetwork } from './velocity.ts';
import type { Walk, Walker } from './walk.ts';

export function tileWalker(model: VelocityModel, network: VelocityNetwork, sampling: Sampling): Walker {
  return {
    begin: (groups, contexts) => {
      const samples = groups.flatMap((group) => samplesOf(group, contexts));
      const tiles = Math.ceil(samples.length / network.rows);
      return Array.from(
        { length: tiles },
        (_, i) => new Tile(model, network, sampling, samples.slice(i * network.rows, (i + 1) * network.rows)),
      );
    },
    close: () => network.close(),
  };
}

/** A sample by the address of its random numbers, and its observation. */
interface TileSample {
  readonly stream: number;
  readonly sample: number;
  readonly context: Float32Array;
}

function samplesOf({ row, sample, stream }: SampleGroup, contexts: readonly Float32Array[]): TileSample[] {
  return Array.from({ length: SAMPLES_A_GROUP }, (_, c) => ({ stream, sample: sample + c, context: contexts[row] }));
}

class Tile implements Walk {
  readonly #model: VelocityModel;
  readonly #network: VelocityNetwork;
  readonly #crowds: readonly Crowd[];

  constructor(model: VelocityModel, network: VelocityNetwork, sampling: Sampling, samples: readonly TileSample[]) {
    this.#model = model;
    this.#network = network;
    const d = model.task.thetaDimension;
    // Steps of adapted length differ from sample to sample, so each goes by itself; others make the same step at the same time.
    this.#crowds = isAdaptive(sampling.solver)
      ? samples.map((sample) => new Crowd([sample], d, sampling))
      : [new Crowd(samples, d, sampling)];
  }

  get done(): boolean {
    return this.#crowds.every(({ done }) => done);
  }

  get evaluations(): number[] {
    return this.#crowds.flatMap(({ contexts, evaluations }) => contexts.map(() => evaluations));
  }

  get allEvaluations(): number {
    return this.#crowds.reduce((sum, { contexts, evaluations }) => sum + contexts.length * evaluations, 0);
  }

  get arrived(): boolean[] {
    return this.#crowds.flatMap(({ contexts, done }) => contexts.map(() => done));
  }

  get positions(): Float64Array {
    const { mean, sd } = this.#model.scaling;
    const d = this.#model.task.thetaDimension;
    const all = new Float64Array(this.#crowds.reduce((sum, { x }) => sum + x.length, 0));
    let at = 0;
    for (const { x } of this.#crowds) for (let i = 0; i < x.length; i++) all[at++] = mean[i % d] + sd[i % d] * x[i];
    return all;
  }

  async advance(): Promise<void> {
    let asking = this.#crowds.filter((crowd) => !crowd.done && crowd.begin());
    while (asking.length > 0) {
      const velocity = await this.#network.evaluate(asking.map(({ asked, contexts }) => ({ ...asked, contexts })));
      let at = 0;
      asking = asking.filter((crowd) => {
        const from = at;
        at += crowd.x.length;
        return crowd.answer(Float64Array.from(velocity.subarray(from, at)));
      });
    }
  }
}

/** Samples of a tile that make the same steps at the same times. */
class Crowd {
  readonly contexts: readonly Float32Array[];
  /** Standardised positions, [sample][parameter]. */
  x: Float64Array;
  /** Evaluations of each sample. */
  evaluations = 0;
  /** What the step in progress waits for. */
  asked!: Asked;
  readonly #sampling: Sampling;
  readonly #noise: (draw: number) => Float64Array;
  readonly #walk: AdaptiveWalk | undefined;
  #step!: Step;
  #steps = 0;

  constructor(samples: readonly TileSample[], dimension: number, sampling: Sampling) {
    this.contexts = samples.map(({ context }) => context);
    this.#sampling = sampling;
    this.#noise = (draw) => {
      const noise = new Float64Array(samples.length * dimension);
      samples.forEach(({ stream, sample }, i) => {
        noise.set(noiseOf(sampling.seed, stream, sample, draw, dimension), i * dimension);
      });
      return noise;
    };
    const scale = startScale(sampling);
    this.x = this.#noise(0).map((value) => scale * value);
    if (isAdaptive(sampling.solver)) this.#walk = new AdaptiveWalk(this.x, sampling.tolerance ?? DEFAULT_TOLERANCE);
  }

  get done(): boolean {
    return this.#walk?.done ?? this.#steps >= this.#sampling.steps;
  }

  /** Begins a step. True while it asks for the velocity. */
  begin(): boolean {
    this.#step = this.#walk?.attempt() ?? solverStep(this.x, this.#steps, this.#sampling, this.#noise);
    return this.#take(this.#step.next());
  }

  /** Goes on with the velocities that it asked for. True while it asks for more. */
  answer(velocity: Float64Array): boolean {
    this.evaluations++;
    return this.#take(this.#step.next(velocity));
  }

  #take({ done, value }: IteratorResult<Asked, Float64Array>): boolean {
    if (!done) {
      this.asked = value;
      return true;
    }
    this.x = value;
    this.#steps++;
    return false;
  }
}
