/**
 * Threefry-2x32-20, the counter-based generator of J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC'11),
 * bit-equal to Random123 and to `jax.random`'s `threefry2x32`. Twin of `shaders/lib/rng.wgsl`.
 */

const PARITY = 0x1bd11bda; // SKEIN_KS_PARITY32
const ROTATIONS_A = [13, 15, 26, 6] as const;
const ROTATIONS_B = [17, 29, 16, 24] as const;

/** Two 32-bit words. */
export type RandomKey = readonly [number, number];

/** Low and high 32 bits of a seed, an integer from 0 to 2⁵³ − 1. */
export function keyOfSeed(seed: number): RandomKey {
  return [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
}

/** Two random words for a key and a counter; all words are unsigned 32-bit integers. */
export function threefry2x32(key: RandomKey, counter: readonly [number, number]): [number, number] {
  const keys = [key[0], key[1], PARITY ^ key[0] ^ key[1]];
  let x0 = (counter[0] + key[0]) | 0;
  let x1 = (counter[1] + key[1]) | 0;
  for (let group = 1; group <= 5; group++) {
    for (const rotation of group % 2 === 1 ? ROTATIONS_A : ROTATIONS_B) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << rotation) | (x1 >>> (32 - rotation))) ^ x0;
    }
    x0 = (x0 + keys[group % 3]) | 0;
    x1 = (x1 + keys[(group + 1) % 3] + group) | 0;
  }
  return [x0 >>> 0, x1 >>> 0];
}

/** The first of the two words of `threefry2x32`, without arrays: for millions of draws at a time. */
export function threefryWord(key0: number, key1: number, counter0: number, counter1: number): number {
  const key2 = PARITY ^ key0 ^ key1;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  for (let group = 1; group <= 5; group++) {
    const [a, b, c, d] = group % 2 === 1 ? ROTATIONS_A : ROTATIONS_B;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << a) | (x1 >>> (32 - a))) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << b) | (x1 >>> (32 - b))) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << c) | (x1 >>> (32 - c))) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << d) | (x1 >>> (32 - d))) ^ x0;
    const place = group % 3;
    x0 = (x0 + (place === 0 ? key0 : place === 1 ? key1 : key2)) | 0;
    x1 = (x1 + (place === 0 ? key1 : place === 1 ? key2 : key0) + group) | 0;
  }
  return x0 >>> 0;
}

/** A word as a uniform number in (0, 1): (k + 1/2) 2⁻²⁴ with k its upper 24 bits. Exact here; f32 rounds it from 1/2 up. */
export function uniform01(bits: number): number {
  return ((bits >>> 8) + 0.5) * 2 ** -24;
}
