/** Priors of tasks: independent parameters, uniform or normal. */
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

/** Parameter i is low + (high − low) u or mean + sd z of number i. */
export function drawPrior(prior: Prior, key: RandomKey, index: number): Float64Array {
  const dim = prior.kind === 'box' ? prior.low.length : prior.mean.length;
  const words = wordsOf(key, index, PURPOSE.prior, dim);
  return Float64Array.from(words, (word, i) =>
    prior.kind === 'box'
      ? prior.low[i] + (prior.high[i] - prior.low[i]) * uniformOf(word)
      : prior.mean[i] + prior.sd[i] * normalOf(word),
  );
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
