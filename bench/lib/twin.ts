/** The f64 twin's gradients: the judge of all others, and the CPU contestant in plain TypeScript, one thread. */
import { ShearPosterior } from '../../src/workloads/shear/twin/posterior.ts';
import { logPrior, naturalSlopes } from '../../src/workloads/shear/twin/transform.ts';
import type { GradientProblem } from './problem.ts';

export class TwinGradient {
  readonly #posteriors: ShearPosterior[];
  readonly #q: Float64Array[];
  readonly #gradient: Float64Array;

  constructor({ spec, stamps, q }: GradientProblem, count: number) {
    const pixels = spec.nx * spec.ny;
    const index = Array.from({ length: count }, (_, i) => i);
    this.#posteriors = index.map((i) => {
      const data = stamps.slice(i * pixels, (i + 1) * pixels).map((value) => value * spec.noiseSigma);
      return new ShearPosterior(spec, data);
    });
    this.#q = index.map((i) => Float64Array.from(q.subarray(i * spec.free, (i + 1) * spec.free)));
    this.#gradient = new Float64Array(spec.free);
  }

  /** As `FusedGradient.run`. */
  run(steps: number): void {
    for (let step = 0; step < steps; step++) {
      for (let i = 0; i < this.#posteriors.length; i++) {
        this.#posteriors[i].logDensity(this.#q[i], this.#gradient);
        for (let j = 0; j < this.#gradient.length; j++) this.#q[i][j] += 1e-12 * this.#gradient[j];
      }
    }
  }

  /** ∇ log density in q, [count][d]. */
  gradients(): Float64Array {
    const d = this.#gradient.length;
    const result = new Float64Array(this.#posteriors.length * d);
    this.#posteriors.forEach((posterior, i) => {
      posterior.logDensity(this.#q[i], this.#gradient);
      result.set(this.#gradient, i * d);
    });
    return result;
  }
}

/** ∇ log likelihood in (g1, g2, x, y) from ∇ log density in q: what a contestant without priors computes. */
export function likelihoodGradients({ spec, q }: GradientProblem, inQ: Float64Array): Float64Array {
  const d = spec.free;
  const prior = new Float64Array(d);
  return inQ.map((value, at) => {
    const point = Float64Array.from(q.subarray(at - (at % d), at - (at % d) + d));
    logPrior(spec, point, prior);
    return (value - prior[at % d]) / naturalSlopes(spec, point)[at % d];
  });
}

/** Largest |gradient| of each parameter over a problem: the scale on which differences count. */
export function gradientScales(all: ArrayLike<number>, d: number): number[] {
  const scales = new Array<number>(d).fill(0);
  for (let i = 0; i < all.length; i++) scales[i % d] = Math.max(scales[i % d], Math.abs(all[i]));
  return scales;
}

/** Largest difference between gradients on those scales. */
export function relativeError(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  scales: readonly number[],
): number {
  let worst = 0;
  for (let i = 0; i < found.length; i++)
    worst = Math.max(worst, Math.abs(found[i] - expected[i]) / scales[i % scales.length]);
  return worst;
}
