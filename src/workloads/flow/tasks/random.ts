/** Random numbers of tasks by address (`task.ts`, "Random numbers"). */
import { normalQuantile } from '../../../stats/normal.ts';
import { type RandomKey, threefry2x32, uniform01 } from '../../../stats/threefry.ts';

/** The low byte of the counter's second word. */
export const PURPOSE = { prior: 1, noise: 2, posterior: 3 } as const;
type Purpose = (typeof PURPOSE)[keyof typeof PURPOSE];

/** Words 0 … count − 1 of a purpose. */
export function wordsOf(key: RandomKey, index: number, purpose: Purpose, count: number): Uint32Array {
  const words = new Uint32Array(count + 1);
  for (let i = 0; i < count; i += 2) words.set(threefry2x32(key, [index >>> 0, (i >> 1) * 2 ** 8 + purpose]), i);
  return words.subarray(0, count);
}

export function uniformOf(word: number): number {
  return uniform01(word);
}

export function normalOf(word: number): number {
  return normalQuantile(uniform01(word));
}

/** Numbers for one proposal of an exact sampler, 52 bits each, so that tails are finer than those of a simulation. */
export class ProposalNumbers {
  #block = 0;

  constructor(
    readonly key: RandomKey,
    readonly proposal: number,
  ) {}

  /** Uniform in (0, 1). Number i takes both words of block i. */
  uniform(): number {
    const [high, low] = threefry2x32(this.key, [this.proposal >>> 0, this.#block++ * 2 ** 8 + PURPOSE.posterior]);
    return ((high >>> 6) * 2 ** 26 + (low >>> 6) + 0.5) * 2 ** -52;
  }

  normal(): number {
    return normalQuantile(this.uniform());
  }
}
