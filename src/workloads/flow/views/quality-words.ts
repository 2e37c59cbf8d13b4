/** What measures of quality mean, in words. */
import { c2stChance } from '../../../results/posterior/quality/chance.ts';
import type { Calibration, Controlled } from '../../../results/posterior/quality/types.ts';

export interface Verdict {
  readonly good: boolean;
  readonly words: string;
}

/** From here on a classifier tells most samples. */
const PLAIN_C2ST = 0.7;

export function c2stVerdict({ value, control }: Controlled, points: number): Verdict {
  const share = `${(100 * value).toFixed(1)} % right`;
  // Against the half that is known: a second set of exact draws has its own chance, which would be told as the samples' fault.
  if (value - 0.5 <= 2 * c2stChance(points) || value <= control)
    return {
      good: true,
      words: `${share}: cannot be told from exact draws (${(100 * control).toFixed(1)} % right on those)`,
    };
  if (value < PLAIN_C2ST)
    return {
      good: false,
      words: `${share}: slightly different from exact draws (${(100 * control).toFixed(1)} % right on those)`,
    };
  return {
    good: false,
    words: `${share}: plainly different from exact draws (${(100 * control).toFixed(1)} % right on those)`,
  };
}

/** Beyond it samples lie farther off than chance brings exact ones: one pair of them, whose peaks have another number each, shows no less. */
const FARTHER = 3;

/** A distance beside that of exact draws from each other: what it means. */
export function distanceWords(value: number, control: number): string {
  const ratio = value / control;
  if (!(ratio > FARTHER)) return 'no farther apart than chance has it';
  return `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} times as far`;
}

const UNEVEN_P = 0.01;

export function tarpVerdict({ tarp }: Calibration): Verdict {
  if (tarp.ksPValue >= UNEVEN_P) return { good: true, words: 'Regions hold the truth as often as they say' };
  if (tarp.atc > 0)
    return { good: false, words: 'Regions hold the truth more often than they say: posteriors are too wide' };
  return {
    good: false,
    words: 'Regions hold the truth less often than they say: posteriors are too narrow, or shifted',
  };
}
