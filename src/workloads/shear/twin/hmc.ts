/** HMC of one posterior, all its chains: dispersal, transitions, warm-up. `ALGORITHM.md`, "HMC"; twin of `shaders/shear/`. */
import { type RandomKey, uniform01 } from '../../../stats/threefry.ts';
import { DualAveraging } from './adaptation.ts';
import type { Fit } from './fit.ts';
import { hamiltonian, integrate, type LogDensity, type PhasePoint } from './integrator.ts';
import { apply, applyTransposed } from './linear.ts';
import { whitening } from './metric.ts';
import type { ShearPosterior } from './posterior.ts';
import { fillNormals, PURPOSE, randomBlock, stepJitter, streamOf } from './streams.ts';

/** Chains start this many posterior standard deviations wide, so that R̂ can see whether they met. */
const DISPERSION = 1.5;
/** |ΔH| of a divergent transition. */
const DIVERGENCE = 1000;

/** What a transition of one chain leaves behind. */
export interface TransitionRecord {
  /** H before the transition, with its fresh momentum. */
  energy: number;
  /** ΔH; +∞ where it is not finite. */
  energyError: number;
  /** min(1, e^(−ΔH)). */
  acceptance: number;
  divergent: boolean;
  /** Step size of the transition, jitter included. */
  stepSize: number;
}

/** The chains of one posterior in whitened coordinates, q = q̂ + W z. */
export class PosteriorSampler {
  readonly #posterior: ShearPosterior;
  readonly #key: RandomKey;
  readonly #centre: Float64Array;
  readonly #dualAveraging: DualAveraging;
  readonly #chains: PhasePoint[];
  readonly #records: TransitionRecord[];
  readonly #q: Float64Array;
  readonly #gradientQ: Float64Array;
  readonly #whiten: Float64Array;
  #transition = 0;

  constructor(posterior: ShearPosterior, fit: Fit, key: RandomKey) {
    const { free: d, sampler } = posterior.spec;
    this.#posterior = posterior;
    this.#key = key;
    this.#centre = fit.q;
    this.#whiten = whitening(fit.curvature, d);
    this.#dualAveraging = new DualAveraging(sampler);
    this.#q = new Float64Array(d);
    this.#gradientQ = new Float64Array(d);
    this.#chains = Array.from({ length: sampler.chains }, (_, chain) => this.#disperse(chain, d));
    this.#records = this.#chains.map(() => ({
      energy: 0,
      energyError: 0,
      acceptance: 0,
      divergent: false,
      stepSize: this.#dualAveraging.stepSize,
    }));
  }

  /** Index of the next transition, warm-up included. */
  get transition(): number {
    return this.#transition;
  }

  get stepSize(): number {
    return this.#dualAveraging.stepSize;
  }

  /** The last transition of a chain; zeros before the first. */
  record(chain: number): TransitionRecord {
    return this.#records[chain];
  }

  /** Relative log density where a chain stands. */
  logDensityOf(chain: number): number {
    return this.#chains[chain].logDensity;
  }

  /** q of a chain. */
  positionOf(chain: number): Float64Array {
    return this.#toQ(this.#chains[chain].z).slice();
  }

  /** One transition of every chain, then adaptation where it still warms up. */
  advance(): void {
    const { sampler } = this.#posterior.spec;
    const t = this.#transition;
    let acceptance = 0;
    for (let chain = 0; chain < sampler.chains; chain++) acceptance += this.#step(chain, t);
    this.#transition++;
    if (t < sampler.warmup) this.#adapt(t, acceptance / sampler.chains);
  }

  #disperse(chain: number, d: number): PhasePoint {
    const z = new Float64Array(d);
    fillNormals(this.#key, 0, this.#stream(chain), PURPOSE.disperse, z);
    for (let i = 0; i < d; i++) z[i] *= DISPERSION;
    const gradient = new Float64Array(d);
    return { z, momentum: new Float64Array(d), gradient, logDensity: this.#density(z, gradient) };
  }

  #stream(chain: number): number {
    return streamOf(chain, this.#posterior.spec.sampler.attempt);
  }

  #toQ(z: Float64Array): Float64Array {
    apply(this.#whiten, z, this.#q);
    for (let i = 0; i < z.length; i++) this.#q[i] += this.#centre[i];
    return this.#q;
  }

  readonly #density: LogDensity = (z, gradient) => {
    const value = this.#posterior.logDensity(this.#toQ(z), this.#gradientQ);
    applyTransposed(this.#whiten, this.#gradientQ, gradient);
    return value;
  };

  /** One transition of one chain; returns its acceptance probability. */
  #step(chain: number, t: number): number {
    const { integrator, steps, jitter } = this.#posterior.spec.sampler;
    const from = this.#chains[chain];
    const stream = this.#stream(chain);
    fillNormals(this.#key, t, stream, PURPOSE.momentum, from.momentum);
    const to: PhasePoint = {
      z: from.z.slice(),
      momentum: from.momentum.slice(),
      gradient: from.gradient.slice(),
      logDensity: from.logDensity,
    };
    const record = this.#records[chain];
    record.stepSize = this.#dualAveraging.stepSize * stepJitter(t, jitter);
    record.energy = hamiltonian(from);
    integrate(this.#density, integrator, steps, record.stepSize, to);
    const change = hamiltonian(to) - record.energy;
    record.energyError = Number.isFinite(change) ? change : Number.POSITIVE_INFINITY;
    record.acceptance = Math.min(1, Math.exp(-record.energyError));
    record.divergent = record.energyError > DIVERGENCE;
    const u = uniform01(randomBlock(this.#key, t, stream, 0, PURPOSE.accept)[0]);
    if (u < Math.exp(-record.energyError)) this.#chains[chain] = to;
    return record.acceptance;
  }

  #adapt(t: number, acceptance: number): void {
    this.#dualAveraging.update(acceptance);
    if (t === this.#posterior.spec.sampler.warmup - 1) this.#dualAveraging.freeze();
  }
}
