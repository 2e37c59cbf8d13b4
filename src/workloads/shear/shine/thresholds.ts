/** SHINE's `ConvergenceThresholds`. */
import type { NamedThresholds } from '../../../results/posterior/options.ts';

/** What SHINE infers and judges: the components of the shear. */
export const SHEAR = ['g1', 'g2'] as const;

export const SHINE_THRESHOLDS: NamedThresholds = {
  name: 'SHINE',
  rhatMax: 1.05,
  essMin: 100,
  divergenceFractionMax: 0.01,
  bfmiMin: 0.3,
  parameters: SHEAR,
  judges: 'the shear parameters',
};
