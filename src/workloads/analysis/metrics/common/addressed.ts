/** Random numbers of metrics by their address: seed, what they are for, and place. Nothing depends on what was drawn before. */
import { normalQuantile } from '../../../../stats/normal.ts';
import { keyOfSeed, threefryWord, uniform01 } from '../../../../stats/threefry.ts';

/** Streams of one seed. A metric's probe or draw k is stream + k. */
export const STREAM = {
  probe: 0x1000_0000,
  direction: 0x1100_0000,
  label: 0x1200_0000,
  block: 0x1300_0000,
  random: 0x1400_0000,
  shuffle: 0x1500_0000,
  pairing: 0x1600_0000,
} as const;

/** ±1, one bit each of a word of 32. */
export function rademacher(seed: number, stream: number, count: number): Float32Array<ArrayBuffer> {
  const [low, high] = keyOfSeed(seed);
  const out = new Float32Array(count);
  for (let at = 0; at < count; at += 32) {
    const word = threefryWord(low, high, at >>> 5, stream);
    for (let bit = 0; bit < 32 && at + bit < count; bit++) out[at + bit] = (word >>> bit) & 1 ? 1 : -1;
  }
  return out;
}

/** Standard normals, rounded to f32: engines may differ in the last bit of a logarithm. */
export function gaussian(seed: number, stream: number, count: number): Float32Array<ArrayBuffer> {
  const [low, high] = keyOfSeed(seed);
  return Float32Array.from({ length: count }, (_, i) => normalQuantile(uniform01(threefryWord(low, high, i, stream))));
}

/** Uniform in (0, 1), 24 bits. */
export function uniformAt(seed: number, stream: number, place: number): number {
  const [low, high] = keyOfSeed(seed);
  return uniform01(threefryWord(low, high, place, stream));
}
