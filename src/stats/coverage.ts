/** How often credible intervals hold the truth. */
import { StatsInputError } from './errors.ts';
import { normalQuantile } from './normal.ts';

export interface Coverage {
  /** Credible mass of the interval, e.g. 0.68. */
  readonly level: number;
  /** Intervals that hold the truth, and how many there are. */
  readonly inside: number;
  readonly n: number;
  readonly observed: number;
  /** Binomial standard error of `observed` if the level is right: sqrt(level (1 − level)/n). */
  readonly error: number;
}

/**
 * Coverage of central intervals, between the quantiles (1 − level)/2 and (1 + level)/2 of the draws.
 * @param below share of the draws below the truth, one a posterior.
 */
export function coverageOfDraws(below: ArrayLike<number>, level: number): Coverage {
  return coverage(level, below.length, (i) => Math.abs(below[i] - 0.5) <= level / 2);
}

/** Coverage of mean ± z·sd, z the normal quantile of (1 + level)/2. @param pull (truth − mean)/sd. */
export function coverageOfPulls(pull: ArrayLike<number>, level: number): Coverage {
  const z = normalQuantile((1 + level) / 2);
  return coverage(level, pull.length, (i) => Math.abs(pull[i]) <= z);
}

function coverage(level: number, n: number, holds: (i: number) => boolean): Coverage {
  if (!(level > 0 && level < 1)) throw new StatsInputError(`level is ${level}; it must lie between 0 and 1`);
  let inside = 0;
  for (let i = 0; i < n; i++) if (holds(i)) inside++;
  return { level, inside, n, observed: inside / n, error: Math.sqrt((level * (1 - level)) / n) };
}
