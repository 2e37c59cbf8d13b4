import type { AdamwHyper } from '../../../nn/optimiser/adamw.ts';

/** What trainings begin with unless asked otherwise. */
export const DEFAULT_OPTIMISER: AdamwHyper = {
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
