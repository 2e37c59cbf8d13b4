/** What a look at a running item of chains shows: `Peek.own` of experiments whose posteriors come of Markov chains. */
export interface ChainsLook {
  /** Which of the chains `acceptance` and `stepSize` are of. */
  readonly chain: number;
  /** Current position of every chain in natural units: [chain][parameter]. */
  readonly positions: readonly (readonly number[])[];
  /** Whether the step is still warm-up. */
  readonly warmup: boolean;
  /** Mean acceptance so far; NaN where it is not kept. */
  readonly acceptance: number;
  readonly stepSize: number;
}
