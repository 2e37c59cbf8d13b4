/** Throws of two dice. Twin of `shaders/tally/throws.wgsl`: whole numbers, so equal to the last. */
import { threefry2x32 } from '../../../stats/threefry.ts';

export const FACES = 6;

/** A die from a random word: floor(6 w/2¹⁶) of its upper half w. */
function die(word: number): number {
  return ((word >>> 16) * FACES) >>> 16;
}

/** Adds `count` throws from `first` on to `counts` [first die][second die]. */
export function addThrows(counts: Int32Array, seed: number, first: number, count: number): void {
  for (let n = first; n < first + count; n++) {
    const [one, two] = threefry2x32([seed, 0], [n, 0]);
    counts[FACES * die(one) + die(two)]++;
  }
}
