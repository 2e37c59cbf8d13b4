/**
 * Rules by which masked genes are revealed on the way from t = 1 to t = 0. None of them looks at the tokens, so the step of every gene can be
 * drawn before a network is called.
 */
import { type ScheduleName, scheduleOf } from './schedule.ts';

/**
 * - `tweedie`: the exact posterior of the process, q = (α_s − α_t)/(1 − α_t) from t to s.
 * - `euler`: a step of first order, q = min(1, Δt σ'/(e^σ − 1)); the same under log-linear noise.
 * - `balanced`: every cell shuffles its genes once and reveals equally many in every step; needs no schedule.
 * - `first-hitting`: one gene a step in random order; exact for an exact predictor.
 * - `origin`: 1 − exp(−σ'/N), the rate of the process that masks, and an argmax of what is left: what kleonlab/st3 does. It reveals nearly
 *   everything in its first steps, from the same input.
 */
export const REVEAL_RULES = ['tweedie', 'euler', 'balanced', 'first-hitting', 'origin'] as const;
export type RevealRule = (typeof REVEAL_RULES)[number];

/** Where the walk of `tweedie` and `euler` ends; the denoising goes from there to 0. */
const END_TIME = 1e-5;

/** Rules whose genes reveal independently of each other, each step with a probability of its own. */
export type IndependentRule = Exclude<RevealRule, 'balanced' | 'first-hitting'>;

export function isIndependent(rule: RevealRule): rule is IndependentRule {
  return rule !== 'balanced' && rule !== 'first-hitting';
}

/** Times of the steps: `steps` + 1 of them, from 1 down to 1e-5, or to 0 by the origin's rule. */
export function timeGrid(rule: IndependentRule, steps: number): Float64Array {
  const end = rule === 'origin' ? 0 : END_TIME;
  return Float64Array.from({ length: steps + 1 }, (_, k) => (k === steps ? end : 1 + ((end - 1) * k) / steps));
}

/** Probability with which a gene that is still masked reveals in step k: one for each of `steps` steps. */
export function revealProbabilities(rule: IndependentRule, schedule: ScheduleName, steps: number): Float64Array {
  const { sigma, rate, masked } = scheduleOf(schedule);
  const times = timeGrid(rule, steps);
  return Float64Array.from({ length: steps }, (_, k) => {
    const [t, s] = [times[k], times[k + 1]];
    switch (rule) {
      case 'tweedie':
        // (α_s − α_t)/(1 − α_t) by the probabilities of being masked, which do not cancel where both α are near 1.
        return (masked(t) - masked(s)) / masked(t);
      case 'euler':
        return Math.min(1, ((t - s) * rate(t)) / Math.expm1(sigma(t)));
      case 'origin':
        return -Math.expm1(-rate(t) / steps);
    }
  });
}

/** Step in which the gene of that rank in a cell's shuffle reveals under `balanced`: step k has the ranks ⌊kn/N⌋ … ⌊(k+1)n/N⌋ − 1. */
export function balancedStep(rank: number, genes: number, steps: number): number {
  return Math.ceil(((rank + 1) * steps) / genes) - 1;
}

/** Genes that a cell reveals in step k under `balanced`. */
export function balancedCount(step: number, genes: number, steps: number): number {
  return Math.floor(((step + 1) * genes) / steps) - Math.floor((step * genes) / steps);
}
