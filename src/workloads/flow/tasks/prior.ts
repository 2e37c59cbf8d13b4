/** Priors of tasks: independent parameters, uniform or normal. */
import { normalQuantile } from '../../../stats/normal.ts';
import type { RandomKey } from '../../../stats/threefry.ts';
import { normalOf, PURPOSE, uniformOf, wordsOf } from './random.ts';

export interface BoxPrior {
  readonly kind: 'box';
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface NormalPrior {
  readonly kind: 'normal';
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

export type Prior = BoxPrior | NormalPrior;

/** The same interval for all parameters. */
export function box(dim: number, low: number, high: number): BoxPrior {
  return { kind: 'box', low: new Array<number>(dim).fill(low), high: new Array<number>(dim).fill(high) };
}

/**
 * Parameter i is low + (high − low) u or mean + sd z of number i.
 * @param shoulder of a box: what networks are trained on, see `onShoulders`
 */
export function drawPrior(prior: Prior, key: RandomKey, index: number, shoulder = 0): Float64Array {
  const dim = prior.kind === 'box' ? prior.low.length : prior.mean.length;
  const words = wordsOf(key, index, PURPOSE.prior, dim);
  return Float64Array.from(words, (word, i) => {
    if (prior.kind === 'normal') return prior.mean[i] + prior.sd[i] * normalOf(word);
    const [low, high, u] = [prior.low[i], prior.high[i], uniformOf(word)];
    return shoulder === 0 ? low + (high - low) * u : onShoulders(low, high, shoulder, u);
  });
}

/**
 * The quantile at u of a density that is level from `low` to `high` and falls beyond like a Gaussian of standard deviation `shoulder`.
 * Inside the box it is the uniform prior but for a factor, so the posterior that it leads to is, inside the box, the true one but for a
 * factor: rejecting what lies outside gives the true posterior exactly, and nothing that a network learns has an edge.
 * Twin of `prior_box` in `shaders/flow/tasks/box.wgsl`.
 */
function onShoulders(low: number, high: number, shoulder: number, u: number): number {
  const half = (high - low) / 2;
  const tail = shoulder * Math.sqrt(Math.PI / 2);
  const fromCentre = (half + tail) * Math.abs(2 * u - 1);
  const beyond = (half + tail) * (1 - Math.abs(2 * u - 1));
  const away = fromCentre <= half ? fromCentre : half - shoulder * normalQuantile(beyond / (2 * tail));
  return (low + high) / 2 + (u < 0.5 ? -away : away);
}

/** Whether the density is above 0. */
export function insidePrior(prior: Prior, theta: ArrayLike<number>): boolean {
  if (prior.kind === 'normal') return true;
  return prior.low.every((low, i) => theta[i] >= low && theta[i] <= prior.high[i]);
}

/** Normalised log density; −∞ outside the box. */
export function logPrior(prior: Prior, theta: ArrayLike<number>): number {
  if (prior.kind === 'box') {
    if (!insidePrior(prior, theta)) return Number.NEGATIVE_INFINITY;
    return -prior.low.reduce((sum, low, i) => sum + Math.log(prior.high[i] - low), 0);
  }
  return prior.mean.reduce((sum, mean, i) => sum + logNormal(theta[i], mean, prior.sd[i]), 0);
}

/** log N(x; mean, sd²). */
export function logNormal(x: number, mean: number, sd: number): number {
  return -0.5 * ((x - mean) / sd) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI);
}
