/** Which colour a value has: a map of 256 colours and the range that it spans. */

export interface ColourScale {
  /** Diverging scales are centred at zero and as wide on either side. */
  readonly kind: 'sequential' | 'diverging';
  /** Ends of the range; those of the data unless given. A diverging scale takes the larger size of the two for both. */
  readonly min?: number;
  readonly max?: number;
  /** By the logarithm of the value; for sequential scales. Values ≤ 0 have no colour then. */
  readonly log?: boolean;
}
