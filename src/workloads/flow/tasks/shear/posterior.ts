/**
 * The exact posterior of the shear of one stamp, given its summaries, with the position integrated out.
 *
 * Density: log p(x | g) = log ∫ N(x; S(g, p), I) dp over the pixel of the position, by Gauss–Hermite around the best position, and where an edge
 * of the pixel is near by Gauss–Legendre; the posterior is normalised on a grid of g. Draws: rejection in (g1, g2, x, y) from a normal distribution `INFLATION` times as
 * wide as the posterior's own curvature at the mode. Nothing is taken from the trained network or from HMC.
 */
import type { RandomKey } from '../../../../stats/threefry.ts';
import { gaussLegendre } from '../../../shear/mixtures/special.ts';
import { cholesky, solveLower, solveLowerTransposed } from '../../../shear/twin/linear.ts';
import { acceptDraws } from '../accept.ts';
import { logNormal } from '../prior.ts';
import type { ProposalNumbers } from '../random.ts';
import { PARAMETERS, REACH, ShearEmulator, SUMMARIES } from './emulator.ts';
import { coefficients, POSITION_REACH, SHEAR_PRIOR } from './tables.ts';

const SHEAR = [0, 1];
const POSITION = [2, 3];
const ALL = [0, 1, 2, 3];
/** Most steps of a fit, and the step in standard deviations behind which it ends: the next is a hundredth of it. */
const FIT_STEPS = 8;
const FITTED = 1e-3;
/** Of the differences that give slopes of S, as a share of the reach. */
const SLOPE_STEP = 1e-3;
/** Standard deviations of the position that are integrated over on either side, and nodes a side: 1e-5 of the integral. */
const WINDOW = 4.5;
const NODES = gaussLegendre(12);
/** Nodes and weights for a standard normal variable (Abramowitz & Stegun 25.4.46, n = 5). */
const HERMITE = [
  [-2.8569700138728056, 0.0112574113277207],
  [-1.3556261799742659, 0.2220759220056126],
  [0, 8 / 15],
  [1.3556261799742659, 0.2220759220056126],
  [2.8569700138728056, 0.0112574113277207],
] as const;
/** Standard deviations of the shear on either side of the grid, and its spacing: the trapezium rule is exact to 1e-9 there. */
const GRID_REACH = 7;
const GRID_STEP = 0.5;
/** Proposals are wider than the posterior, so that its tails lie below theirs. */
const INFLATION = 1.2;
/** What the posterior may rise above its quadratic form, in the logarithm; over the prior 0.01 is seen. */
const MARGIN = 0.1;

/** Shared: it is never used by two at once. */
const emulator = new ShearEmulator(coefficients);

interface Fit {
  /** (g1, g2, x, y). */
  readonly mode: Float64Array;
  /** R of the curvature H = R Rᵀ of the parameters that were free. */
  readonly lower: Float64Array;
}

export interface ShearMoments {
  readonly mean: readonly [number, number];
  readonly sd: readonly [number, number];
}

export class ShearPosterior {
  readonly #x: ArrayLike<number>;
  readonly #at = new Float64Array(PARAMETERS);
  readonly #summaries = new Float64Array(SUMMARIES);
  #fitted: Fit | undefined;

  /** @param x summaries, [SUMMARIES] */
  constructor(x: ArrayLike<number>) {
    this.#x = x;
  }

  /** log p(x | g), normalised over x. */
  logLikelihood(g: ArrayLike<number>): number {
    const { mode, lower } = this.#fit([g[0], g[1], 0, 0], POSITION);
    const sds = POSITION.map((_, axis) => Math.hypot(...solveLower(lower, unit(axis, 2), 2)));
    emulator.setShear(g[0], g[1]);
    if (POSITION.every((i, axis) => Math.abs(mode[i]) + WINDOW * sds[axis] < POSITION_REACH))
      return this.#overThePlane(mode, lower);
    const [xs, ys] = POSITION.map((i, axis) => {
      const centre = clamp(mode[i]);
      return interval(clamp(centre - WINDOW * sds[axis]), clamp(centre + WINDOW * sds[axis]));
    });
    const peak = this.#chi2(clamp(mode[2]), clamp(mode[3]));
    let sum = 0;
    for (const [x, wx] of xs) for (const [y, wy] of ys) sum += wx * wy * Math.exp(0.5 * (peak - this.#chi2(x, y)));
    return LOG_NORM - 0.5 * peak + Math.log(sum);
  }

  /** The integral over the position by Gauss–Hermite, where the pixel's edges are far. */
  #overThePlane([, , x, y]: Float64Array, lower: Float64Array): number {
    const peak = this.#chi2(x, y);
    let sum = 0;
    for (const [z0, w0] of HERMITE)
      for (const [z1, w1] of HERMITE) {
        const dy = z1 / lower[3];
        const dx = (z0 - lower[2] * dy) / lower[0];
        sum += w0 * w1 * Math.exp(0.5 * (peak - this.#chi2(x + dx, y + dy) + z0 * z0 + z1 * z1));
      }
    return LOG_NORM - 0.5 * peak + Math.log((2 * Math.PI * sum) / (lower[0] * lower[3]));
  }

  /** log p(g | x), normalised. */
  logDensity(): (g: ArrayLike<number>) => number {
    const { logEvidence } = this.#grid();
    return (g) => this.logLikelihood(g) + logShearPrior(g) - logEvidence;
  }

  /** Mean and standard deviation of g1 and g2. */
  moments(): ShearMoments {
    const { points, weights } = this.#grid();
    const mean = SHEAR.map((i) => points.reduce((sum, g, k) => sum + weights[k] * g[i], 0));
    const sd = SHEAR.map((i) => Math.sqrt(points.reduce((sum, g, k) => sum + weights[k] * (g[i] - mean[i]) ** 2, 0)));
    return { mean: [mean[0], mean[1]], sd: [sd[0], sd[1]] };
  }

  /** n draws of (g1, g2), [n, 2]. @throws PosteriorError where the prior makes no such x */
  draws(n: number, key: RandomKey): Float64Array {
    const { mode, lower } = this.#mode();
    const height = this.#logPosteriorAt(mode);
    return acceptDraws(n, 2, key, (numbers: ProposalNumbers, g) => {
      const z = Float64Array.from({ length: PARAMETERS }, () => numbers.normal());
      const offset = solveLowerTransposed(lower, z, PARAMETERS);
      const proposal = mode.map((value, i) => value + INFLATION * offset[i]);
      const u = numbers.uniform();
      if (POSITION.some((i) => Math.abs(proposal[i]) > POSITION_REACH)) return false;
      const ratio = this.#logPosteriorAt(proposal) - height + 0.5 * z.reduce((sum, each) => sum + each * each, 0);
      if (ratio > MARGIN)
        throw new Error(`the envelope of the shear posterior is ${ratio - MARGIN} too low in the logarithm`);
      g[0] = proposal[0];
      g[1] = proposal[1];
      return Math.log(u) < ratio - MARGIN;
    });
  }

  /** Points (g1, g2) around the mode with their share of the posterior. */
  #grid(): { points: Float64Array[]; weights: number[]; logEvidence: number } {
    const { mode, lower } = this.#mode();
    const count = (2 * GRID_REACH) / GRID_STEP + 1;
    const sds = SHEAR.map((i) => Math.hypot(...solveLower(lower, unit(i, PARAMETERS), PARAMETERS)));
    const points = Array.from({ length: count * count }, (_, k) =>
      Float64Array.of(
        mode[0] + sds[0] * (GRID_STEP * (k % count) - GRID_REACH),
        mode[1] + sds[1] * (GRID_STEP * Math.floor(k / count) - GRID_REACH),
      ),
    );
    const logs = points.map((g) => this.logLikelihood(g) + logShearPrior(g));
    const peak = logs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const shares = logs.map((value) => Math.exp(value - peak));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const cell = sds[0] * sds[1] * GRID_STEP * GRID_STEP;
    return { points, weights: shares.map((share) => share / total), logEvidence: peak + Math.log(total * cell) };
  }

  #mode(): Fit {
    this.#fitted ??= this.#fit([...SHEAR_PRIOR.mean, 0, 0], ALL);
    return this.#fitted;
  }

  /** Gauss–Newton for the parameters in `free`; a position may come to lie outside its prior. */
  #fit(start: readonly number[], free: readonly number[]): Fit {
    const d = free.length;
    const mode = Float64Array.from(start);
    const slopes = free.map(() => new Float64Array(SUMMARIES));
    const precisions = free.map((i) => (i < 2 ? SHEAR_PRIOR.sd[i] ** -2 : 0));
    const curvature = new Float64Array(d * d);
    let lower: Float64Array | undefined;
    for (let step = 0; step < FIT_STEPS; step++) {
      free.forEach((i, a) => {
        this.#slopeInto(mode, i, slopes[a]);
      });
      const here = emulator.evaluate(mode, this.#summaries);
      const gradient = free.map((i, a) => {
        let sum = i < 2 ? precisions[a] * (SHEAR_PRIOR.mean[i] - mode[i]) : 0;
        for (let k = 0; k < SUMMARIES; k++) sum += slopes[a][k] * (this.#x[k] - here[k]);
        return sum;
      });
      for (let a = 0; a < d; a++)
        for (let b = 0; b < d; b++) {
          let sum = a === b ? precisions[a] : 0;
          for (let k = 0; k < SUMMARIES; k++) sum += slopes[a][k] * slopes[b][k];
          curvature[a * d + b] = sum;
        }
      lower = cholesky(curvature, d);
      if (!lower) break;
      const whitened = solveLower(lower, gradient, d);
      const delta = solveLowerTransposed(lower, whitened, d);
      free.forEach((i, a) => {
        // Nothing that the prior makes lies beyond; the polynomials mean nothing there.
        mode[i] = Math.max(-2 * REACH[i], Math.min(2 * REACH[i], mode[i] + delta[a]));
      });
      if (Math.hypot(...whitened) < FITTED) break;
    }
    if (!lower) throw new Error('the summaries of a stamp have no best shear: they are no finite numbers');
    return { mode, lower };
  }

  #slopeInto(at: Float64Array, parameter: number, out: Float64Array): void {
    const step = SLOPE_STEP * REACH[parameter];
    this.#at.set(at);
    this.#at[parameter] = at[parameter] + step;
    out.set(emulator.evaluate(this.#at, this.#summaries));
    this.#at[parameter] = at[parameter] - step;
    const below = emulator.evaluate(this.#at, this.#summaries);
    for (let k = 0; k < SUMMARIES; k++) out[k] = (out[k] - below[k]) / (2 * step);
  }

  /** |x − S|² at a position, with the shear that the emulator was set to. */
  #chi2(x: number, y: number): number {
    const expected = emulator.at(x, y, this.#summaries);
    let chi2 = 0;
    for (let k = 0; k < SUMMARIES; k++) chi2 += (this.#x[k] - expected[k]) ** 2;
    return chi2;
  }

  #logPosteriorAt(parameters: Float64Array): number {
    const [g1, g2, x, y] = parameters;
    emulator.setShear(g1, g2);
    return logShearPrior(parameters) - 0.5 * this.#chi2(x, y);
  }
}

/** Of the density of x around S. */
const LOG_NORM = -0.5 * SUMMARIES * Math.log(2 * Math.PI);

function logShearPrior(g: ArrayLike<number>): number {
  return (
    logNormal(g[0], SHEAR_PRIOR.mean[0], SHEAR_PRIOR.sd[0]) + logNormal(g[1], SHEAR_PRIOR.mean[1], SHEAR_PRIOR.sd[1])
  );
}

/** Nodes and weights from `low` to `high`. */
function interval(low: number, high: number): [number, number][] {
  const half = 0.5 * (high - low);
  return Array.from(NODES.nodes, (node, i) => [low + half * (1 + node), half * NODES.weights[i]]);
}

const clamp = (position: number) => Math.max(-POSITION_REACH, Math.min(POSITION_REACH, position));

const unit = (axis: number, d: number) => Array.from({ length: d }, (_, i) => (i === axis ? 1 : 0));
