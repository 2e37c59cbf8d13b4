/** What posteriors are asked for. Apart from what computes, since words name these numbers, too. */

export interface SampleThresholds {
  readonly rhatMax: number;
  readonly essMin: number;
  /** Largest share of divergent transitions. */
  readonly divergenceFractionMax: number;
  readonly bfmiMin: number;
}

/** Ours, as Vehtari et al. 2021 recommend: R̂ below 1.01 and ESS ≥ 400 in bulk and tail, for every parameter. */
export const LOCKSTEP_THRESHOLDS: SampleThresholds = {
  rhatMax: 1.01,
  essMin: 400,
  divergenceFractionMax: 0,
  bfmiMin: 0.3,
};
