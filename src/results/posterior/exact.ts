/** Posteriors that are known exactly, for a run's to be held against. */
export interface ExactPosteriors {
  /** Parameters of a draw, in the order of the run's. */
  readonly dimension: number;
  /**
   * n independent draws of the posterior given an observation, [n, dimension]. The first do not depend on n; draws of different streams,
   * whole numbers from 0, know nothing of each other, nor of a run's. Throws where the prior hardly makes such an observation.
   */
  draws(observation: readonly number[], n: number, stream: number): Float64Array;
  /** Whether the prior's density is above 0. */
  insidePrior(theta: ArrayLike<number>): boolean;
}
