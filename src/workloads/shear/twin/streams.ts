/** Random numbers of a posterior by address: (seed; transition, chain, purpose, index). `ALGORITHM.md`, "Random numbers". */
import { normalQuantile } from '../../../stats/normal.ts';
import { type RandomKey, threefry2x32, uniform01 } from '../../../stats/threefry.ts';

/** What a number is for: the low byte of the counter's second word. */
export const PURPOSE = { disperse: 1, momentum: 2, accept: 3, pixelNoise: 16, truth: 17 } as const;

/** The two words of a block. */
export function randomBlock(
  key: RandomKey,
  transition: number,
  chain: number,
  block: number,
  purpose: number,
): [number, number] {
  return threefry2x32(key, [transition >>> 0, (chain * 2 ** 16 + block * 2 ** 8 + purpose) >>> 0]);
}

/** Chains of attempt n are numbered from 256 n on in the counter. */
const CHAINS_OF_ATTEMPT = 256;

/** The number by which a chain of an attempt addresses its random numbers. */
export function streamOf(chain: number, attempt: number): number {
  return CHAINS_OF_ATTEMPT * attempt + chain;
}

/** Fills `out` with standard normals: number i comes from block i >> 1, word i & 1. */
export function fillNormals(
  key: RandomKey,
  transition: number,
  chain: number,
  purpose: number,
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i += 2) {
    const words = randomBlock(key, transition, chain, i >> 1, purpose);
    out[i] = normalQuantile(uniform01(words[0]));
    if (i + 1 < out.length) out[i + 1] = normalQuantile(uniform01(words[1]));
  }
}

/** The 32 bits of a word in reverse order, as an unsigned number. */
export function reverseBits(word: number): number {
  let w = word >>> 0;
  w = ((w >>> 1) & 0x55555555) | ((w & 0x55555555) << 1);
  w = ((w >>> 2) & 0x33333333) | ((w & 0x33333333) << 2);
  w = ((w >>> 4) & 0x0f0f0f0f) | ((w & 0x0f0f0f0f) << 4);
  w = ((w >>> 8) & 0x00ff00ff) | ((w & 0x00ff00ff) << 8);
  return ((w >>> 16) | (w << 16)) >>> 0;
}

/** Factor on the step size at transition t, the same for every chain and item: 1 + jitter (2 v − 1), v = van der Corput(t + 1). */
export function stepJitter(transition: number, jitter: number): number {
  return 1 + jitter * (2 * reverseBits(transition + 1) * 2 ** -32 - 1);
}
