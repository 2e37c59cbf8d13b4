/** What a fit leaves over, held against noise that is independent from datum to datum and of the size that was given. */

/** A statistic with its standard deviation under such noise. */
export interface Measured {
  readonly value: number;
  readonly sd: number;
}

/** Of one item. Plain data. */
export interface ResidualCheck {
  /** Correlations of neighbours, by direction; 0 is expected. */
  readonly neighbours: readonly (Measured & { readonly along: string })[];
  /** Scatter far from what is modelled, over the noise that was given; 1 is expected. */
  readonly border: Measured;
  /** Variance of an estimate under the correlations found, over that under independent noise; too noisy for one item, meant to be averaged. */
  readonly varianceRatio: number;
  /** One of the correlations is beyond chance. */
  readonly correlated: boolean;
  /** The scatter at the border is beyond chance. */
  readonly scatters: boolean;
}

/**
 * Standard deviations beyond which a statistic of one item is no accident: with four correlations and the border each is looked at five times,
 * so that three items in a million are marked wrongly.
 */
const BEYOND = 5;

/** With what it is judged to be. */
export function judgedResiduals(found: Omit<ResidualCheck, 'correlated' | 'scatters'>): ResidualCheck {
  return {
    ...found,
    correlated: found.neighbours.some(({ value, sd }) => !(Math.abs(value) <= BEYOND * sd)),
    scatters: !(Math.abs(found.border.value - 1) <= BEYOND * found.border.sd),
  };
}
