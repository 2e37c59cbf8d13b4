/**
 * Posterior sampling as users of GenSBI write it: `sample`, `getSampler`, `sampleBatched`. Each answer hangs on the key, the place of the
 * observation in its batch and the number of the sample: neither chunks nor earlier calls change a bit.
 */

import { guessMemoryClass } from '../../batch/memory-class.ts';
import { type BatchSizes, sizesFor } from '../../batch/sizes.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { chooseTile, type NetPrecision } from '../../nn/mlp-kernel.ts';
import { standardisedObservation, type VelocityModel } from './model.ts';
import { FlowSampleError } from './result.ts';
import { AcceptedDraws, type Drawn } from './sampling/accepted.ts';
import { FlowLogDensity } from './sampling/log-density.ts';
import { stateBytes } from './sampling/log-density-plan.ts';
import type { DensitySteps } from './sampling/log-density-twin.ts';
import { largestBytesAGroup, SAMPLES_A_GROUP } from './sampling/plan.ts';
import { FlowSampler, type SamplerOptions } from './sampling/sampler.ts';
import { DEFAULT_SPACING, defaultSteps, type Solver, type Spacing } from './sampling/solvers.ts';
import { insidePrior, type Prior } from './tasks/prior.ts';

/** An array with its shape, row-major. */
export interface SampleArray {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: readonly number[];
}

export interface InferenceOptions {
  readonly solver?: Solver;
  /** The solver's own number unless given; of an adaptive one the most attempts. */
  readonly steps?: number;
  /** Strength of the noise of the stochastic solvers. */
  readonly alpha?: number;
  /** How the steps are spread over time; `uniform` as in GenSBI. */
  readonly spacing?: Spacing;
  readonly precision?: NetPrecision;
  /** Samples outside its support are drawn anew. Without it all are kept, as in GenSBI. */
  readonly prior?: Prior;
  /** Sizes of the batch table; the adapter's unless given. */
  readonly sizes?: BatchSizes;
}

/** Samples of one observation, and how many were drawn for them: those outside the prior as well. */
export interface DrawnArray extends SampleArray {
  readonly drawn: number;
}

/** Draws samples for one observation. @param key a whole number from 0 to 2³² − 1 */
export type Sampler = (key: number, nsamples: number) => Promise<DrawnArray>;

/** An observation, and what the network sees of it. */
interface Observed {
  readonly x: ArrayLike<number>;
  readonly context: Float32Array;
}

/** Ten steps of Runge and Kutta: the integral of the divergence wants more care than a sample. */
const DENSITY_STEPS: DensitySteps = { solver: 'rk4', steps: 10 };

const DEFAULTS = { solver: 'midpoint', alpha: 1, spacing: DEFAULT_SPACING, precision: 'f32' } as const;

export class FlowInference {
  readonly #gpu: GpuContext;
  readonly #model: VelocityModel;
  readonly #options: Omit<SamplerOptions, 'groups' | 'rows'>;
  readonly #prior: Prior | undefined;
  #sampler: FlowSampler | undefined;
  /** The call under way: the next waits for it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(gpu: GpuContext, model: VelocityModel, options: InferenceOptions = {}) {
    const { prior, sizes = sizesFor(guessMemoryClass(gpu.report)), ...chosen } = options;
    const { solver, alpha, spacing, precision, steps = defaultSteps(solver) } = { ...DEFAULTS, ...chosen };
    this.#gpu = gpu;
    this.#model = model;
    this.#prior = prior;
    this.#options = {
      solver,
      steps,
      alpha,
      spacing,
      precision,
      tile: chooseTile(gpu.report, model.net, precision, sizes['flow.tileGroups']),
      submitsInFlight: sizes['gpu.submitsInFlight'],
      stagingBytes: sizes['flow.stagingBytes'],
      peekGroups: 1,
      peekSlots: 1,
    };
  }

  /** Samples for one observation: [nsamples, dim, 1]. */
  async sample(key: number, xObserved: ArrayLike<number>, nsamples: number): Promise<DrawnArray> {
    return (await this.getSampler(xObserved))(key, nsamples);
  }

  /** A sampler of one observation, compiled and with its memory: calls that ask for no more samples than before take nothing anew. */
  async getSampler(xObserved: ArrayLike<number>): Promise<Sampler> {
    const observed = { x: xObserved, context: standardisedObservation(this.#model, xObserved) };
    await this.#alone(() => this.#opened(1, 1));
    return async (key, nsamples) => {
      const [drawn] = await this.#alone(() => this.#draw(key, [observed], 0, count('nsamples', nsamples)));
      const dimension = this.#model.task.thetaDimension;
      const { samples, indices } = drawn;
      return { data: Float32Array.from(samples), shape: [nsamples, dimension, 1], drawn: indices[nsamples - 1] + 1 };
    };
  }

  /**
   * Samples for many observations: [nsamples, B, dim, 1]. Observation b draws what `sample` would in its place of the batch.
   * @param chunkSize observations that are sampled together: memory and speed only
   * @throws RangeError for an observation of another length, and for numbers that are no counts; FlowSampleError where samples cannot be had
   */
  async sampleBatched(
    key: number,
    xs: readonly ArrayLike<number>[],
    nsamples: number,
    chunkSize = xs.length,
  ): Promise<SampleArray> {
    const observed = xs.map((x) => ({ x, context: standardisedObservation(this.#model, x) }));
    const samples = count('nsamples', nsamples);
    const chunk = count('chunkSize', chunkSize);
    const d = this.#model.task.thetaDimension;
    const data = new Float32Array(samples * xs.length * d);
    await this.#alone(async () => {
      for (let first = 0; first < xs.length; first += chunk) {
        const drawn = await this.#draw(key, observed.slice(first, first + chunk), first, samples);
        drawn.forEach((each, i) => {
          for (let s = 0; s < samples; s++)
            data.set(each.samples.subarray(s * d, (s + 1) * d), (s * xs.length + first + i) * d);
        });
      }
    });
    return { data, shape: [samples, xs.length, d, 1] };
  }

  /**
   * log p(θ | x) of the flow at points [n, dim] in the units of the parameters, by the exact trace; for 10 parameters at most. The flow knows no bounds:
   * where samples outside a prior are drawn anew, their share is missing from it.
   * @throws RangeError for an observation or points of another length, and for more parameters
   */
  async logDensity(
    xObserved: ArrayLike<number>,
    points: ArrayLike<number>,
    steps: DensitySteps = DENSITY_STEPS,
  ): Promise<Float64Array<ArrayBuffer>> {
    const { thetaDimension: d } = this.#model.task;
    const context = standardisedObservation(this.#model, xObserved);
    const { precision, tile, stagingBytes } = this.#options;
    const n = count('points / dim', points.length / d);
    return this.#alone(async () => {
      const together = Math.max(1, Math.min(n, Math.floor(stagingBytes / stateBytes(d))));
      const sizes = { ...steps, precision, tile, points: together, rows: 1 };
      const density = await FlowLogDensity.open(this.#gpu, this.#model, sizes);
      try {
        density.setObservations(Float32Array.from(context));
        return await density.evaluate(points, new Uint32Array(n));
      } finally {
        density.close();
      }
    });
  }

  /** Frees all memory. The object opens anew when it is used again. */
  close(): void {
    this.#sampler?.close();
    this.#sampler = undefined;
  }

  async #draw(key: number, observed: readonly Observed[], first: number, samples: number): Promise<Drawn[]> {
    const { task } = this.#model;
    const prior = this.#prior;
    const wanted = observed.map((_, row) => ({ row, stream: first + row, count: samples }));
    const draws = new AcceptedDraws(wanted, task.thetaDimension, (sample) => !prior || insidePrior(prior, sample));
    const sampler = await this.#opened(observed.length, observed.length * Math.ceil(samples / SAMPLES_A_GROUP));
    const observations = new Float32Array(observed.length * task.xDimension);
    observed.forEach(({ context }, row) => {
      observations.set(context, row * task.xDimension);
    });
    sampler.setObservations(observations);
    while (!draws.done) {
      const groups = draws.next(sampler.options.groups);
      draws.take(groups, await sampler.sample(groups, key >>> 0), 0);
    }
    const drawn = draws.drawn();
    const failed = drawn.findIndex(({ failure }) => failure !== undefined);
    if (failed >= 0) {
      const message = `Observation ${first + failed}: ${drawn[failed].failure}.`;
      throw new FlowSampleError(message, await isFar(task.id, observed[failed].x));
    }
    return drawn;
  }

  /** The open sampler where it is large enough, else a larger one; its kernel is compiled once. */
  async #opened(rows: number, wanted: number): Promise<FlowSampler> {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#gpu.report.limits;
    const most = Math.floor(
      Math.min(maxBufferSize, maxStorageBufferBindingSize) /
        largestBytesAGroup(this.#options.solver, this.#model.task.thetaDimension),
    );
    const groups = Math.max(rows, Math.min(wanted, most));
    const { options } = this.#sampler ?? {};
    if (this.#sampler && options && options.rows >= rows && options.groups >= groups) return this.#sampler;
    this.close();
    this.#sampler = await FlowSampler.open(this.#gpu, this.#model, {
      ...this.#options,
      rows: Math.max(rows, options?.rows ?? 0),
      groups: Math.max(groups, options?.groups ?? 0),
    });
    return this.#sampler;
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** Whether the simulator of a task that is known here hardly ever makes such data. */
async function isFar(id: string, x: ArrayLike<number>): Promise<boolean> {
  const task = (await import('./tasks/index.ts')).taskOf(id);
  return task !== undefined && (await import('./far.ts')).isFar(task, x);
}

function count(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} is ${value}, where a whole number from 1 is expected`);
}
