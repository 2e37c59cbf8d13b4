/**
 * Noise schedules of the absorbing process: a gene still shows its token at time t with probability α(t) = e^{−σ(t)}, t from 0 (clean) to 1
 * (masked). Lou et al., "Discrete diffusion modeling by estimating the ratios of the data distribution" (ICML 2024), appendix C.
 */

export type ScheduleName = 'loglinear' | 'geometric';

export interface Schedule {
  /** Total noise σ(t). */
  sigma(t: number): number;
  /** σ'(t). */
  rate(t: number): number;
  /** P(the token shows at t) = e^{−σ(t)}. */
  alpha(t: number): number;
  /** P(masked at t) = 1 − α(t), without cancellation. */
  masked(t: number): number;
}

/** What log-linear noise leaves visible at t = 1. */
const EPSILON = 1e-3;
/** σ(0) and σ(1) of geometric noise. */
const SIGMA_MIN = 1e-4;
const SIGMA_MAX = 20;

/** σ = −ln(1 − (1−ε)t): P(masked) = (1−ε)t is linear in t. */
const loglinear: Schedule = {
  sigma: (t) => -Math.log1p(-(1 - EPSILON) * t),
  rate: (t) => (1 - EPSILON) / (1 - (1 - EPSILON) * t),
  alpha: (t) => 1 - (1 - EPSILON) * t,
  masked: (t) => (1 - EPSILON) * t,
};

const geometricSigma = (t: number) => SIGMA_MIN ** (1 - t) * SIGMA_MAX ** t;

/** σ = σmin^{1−t} σmax^t. */
const geometric: Schedule = {
  sigma: geometricSigma,
  rate: (t) => geometricSigma(t) * Math.log(SIGMA_MAX / SIGMA_MIN),
  alpha: (t) => Math.exp(-geometricSigma(t)),
  masked: (t) => -Math.expm1(-geometricSigma(t)),
};

const schedules: Readonly<Record<ScheduleName, Schedule>> = { loglinear, geometric };

export function scheduleOf(name: ScheduleName): Schedule {
  return schedules[name];
}
