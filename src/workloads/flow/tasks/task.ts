/**
 * A simulation-based inference problem with a posterior that can be sampled exactly: parameters θ from a prior, data x from a simulator.
 *
 * ## Random numbers
 * The words are Threefry-2x32-20's (`stats/threefry.ts`, `shaders/lib/rng.wgsl`), with the caller's key: one key per purpose of a run
 * (training, validation, …). Number i of a purpose of simulation `index` is
 *
 *     word (i & 1) of threefry2x32(key, (index, (i >> 1)·2⁸ + purpose))      purpose: 1 prior, 2 noise, 3 exact posterior
 *
 * A uniform number is u = ((word >> 8) + ½)·2⁻²⁴, a normal number Φ⁻¹(u): one word each, nothing is rejected. Each task lists which number
 * is what. A kernel that repeats this has the same words bit for bit; its θ and x differ from these f64 values by rounding alone.
 */
import type { RandomKey } from '../../../stats/threefry.ts';
import { drawPrior, type Prior } from './prior.ts';
import type { SummaryId } from './summary.ts';

export interface Simulation {
  /** [thetaDim]. */
  readonly theta: Float64Array;
  /** [xDim]. */
  readonly x: Float64Array;
}

export interface Observation extends Simulation {
  /** Unique in its task, as `sbibm-1`, `own-1`. */
  readonly id: string;
  readonly label: string;
}

/** Of a task whose observations come as more numbers than the network sees. */
export interface DataSummary {
  /** Of one observation, row-major. */
  readonly shape: readonly number[];
  /** Of images: what every one of them has, whatever a file says. */
  readonly taken?: { readonly pixelScaleArcsec: number; readonly noiseSigma: number };
  /** x, [xDim], of an observation. */
  summarise(data: ArrayLike<number>): Float64Array;
}

export interface FlowTask {
  /** As in URLs, files and sbibm. */
  readonly id: string;
  readonly title: string;
  /** Names of θ in order. */
  readonly parameters: readonly string[];
  readonly thetaDim: number;
  readonly xDim: number;
  readonly prior: Prior;
  /** Numbers, a multiple of four, that the simulator reads on the device (`table` of `shaders/flow/simulate.wgsl`), and here. */
  readonly table?: Float32Array<ArrayBuffer>;
  /** What networks see of x, and what the simulator on the device writes, where that is not x. */
  readonly summary?: SummaryId;
  /** How an observation of a file becomes x, where it is not x itself. */
  readonly data?: DataSummary;
  /** θ from the prior and x from the simulator, both of simulation `index` (an unsigned 32-bit integer). */
  simulate(key: RandomKey, index: number): Simulation;
  /** x alone for given θ, with the noise of simulation `index`. */
  simulateAt(theta: ArrayLike<number>, key: RandomKey, index: number): Float64Array;
  /** log p(x | θ), normalised over x. */
  logLikelihood(theta: ArrayLike<number>, x: ArrayLike<number>): number;
  /**
   * n independent draws from p(θ | x), [n, thetaDim]. The first draws do not depend on n.
   * @throws PosteriorError where x lies so far from anything the prior can make that hardly a proposal is accepted.
   */
  samplePosterior(x: ArrayLike<number>, n: number, key: RandomKey): Float64Array;
  /** log p(θ | x), normalised over θ; −∞ outside the prior's support. What depends on x alone is computed once. */
  posteriorLogDensity(x: ArrayLike<number>): (theta: ArrayLike<number>) => number;
  /** At least five; those of sbibm first. */
  readonly observations: readonly Observation[];
}

/**
 * Simulation `index` of a training: as `simulate`, with θ from a box that has shoulders (`prior.ts`).
 * @param shoulder in the units of the parameters; 0 is the prior itself
 */
export function simulateOnShoulders(task: FlowTask, shoulder: number, key: RandomKey, index: number): Simulation {
  if (shoulder === 0 || task.prior.kind !== 'box') return task.simulate(key, index);
  const theta = drawPrior(task.prior, key, index, shoulder);
  return { theta, x: task.simulateAt(theta, key, index) };
}

/** x has almost no posterior mass where the sampler looks. */
export class PosteriorError extends Error {
  override readonly name = 'PosteriorError';
}
