/** AdamW with a linear start, a cosine to the end, clipping and a moving average of the weights. */
export interface OptimiserSettings {
  /** Peak learning rate, and the last one as a share of it. */
  readonly rate: number;
  readonly floor: number;
  readonly warmup: number;
  readonly steps: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
  /** Longest gradient; longer ones are shortened to it. */
  readonly clip: number;
  /** Decay of the moving average. */
  readonly average: number;
}

export const DEFAULT_OPTIMISER: OptimiserSettings = {
  rate: 1e-3,
  floor: 0.01,
  warmup: 500,
  steps: 10_000,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  decay: 1e-4,
  clip: 5,
  average: 0.999,
};
