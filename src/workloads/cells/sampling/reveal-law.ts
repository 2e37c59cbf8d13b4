/** The law of the step in which a gene reveals, in whole numbers: thresholds for one random word of 32 bits. */
import { isIndependent, revealProbabilities } from './rules.ts';
import { type SamplerSettings, stepsOf } from './settings.ts';

const WORDS = 2 ** 32;
/** Bits of a word that the table of first guesses is read by. */
const GUIDE_BITS = 12;

/** Steps drawn by the word alone. */
export interface StepThresholds {
  /** round(2³² P(revealed by the end of step k)), from 0 to 2³². */
  readonly upTo: Float64Array;
  /** The step of the smallest word with these upper bits: where the search begins. */
  readonly guide: Uint16Array;
}

/**
 * Thresholds of a rule with independent reveals; undefined for rules by rank. Rounding to 2⁻³² changes a probability by at most 1.2e-10.
 */
export function stepThresholds(settings: Pick<SamplerSettings, 'genes' | 'rule' | 'schedule' | 'steps'>) {
  const { rule, schedule, steps } = settings;
  if (!isIndependent(rule)) return undefined;
  const upTo = new Float64Array(steps);
  let masked = 1;
  revealProbabilities(rule, schedule, steps).forEach((q, k) => {
    masked *= 1 - q;
    upTo[k] = Math.round(WORDS * (1 - masked));
  });
  const guide = new Uint16Array(1 << GUIDE_BITS);
  let step = 0;
  guide.forEach((_, at) => {
    const word = at * 2 ** (32 - GUIDE_BITS);
    while (step < steps && word >= upTo[step]) step++;
    guide[at] = step;
  });
  return { upTo, guide } satisfies StepThresholds;
}

/** The step of a word: the first whose threshold lies above it, or that of the denoising. */
export function stepOfWord({ upTo, guide }: StepThresholds, word: number): number {
  let step = guide[word >>> (32 - GUIDE_BITS)];
  while (step < upTo.length && word >= upTo[step]) step++;
  return step;
}

/** P(a gene reveals in step k), with the denoising last. Sums to 1; of rules with independent reveals. */
export function stepProbabilities(settings: Pick<SamplerSettings, 'genes' | 'rule' | 'schedule' | 'steps'>) {
  const { rule, schedule, steps } = settings;
  if (!isIndependent(rule)) throw new RangeError(`The rule ${rule} has no law of its own for a single gene`);
  const law = new Float64Array(stepsOf(settings));
  let masked = 1;
  revealProbabilities(rule, schedule, steps).forEach((q, k) => {
    law[k] = masked * q;
    masked *= 1 - q;
  });
  law[steps] = masked;
  return law;
}
