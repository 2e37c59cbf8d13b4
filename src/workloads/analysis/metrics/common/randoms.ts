/** Random numbers of metrics, addressed by what they are for and by what of it: never by a place in a chunk. */
import { type Graph, numbersOf } from '../../../../nn/graph/graph.ts';
import { keyOfSeed, threefry2x32, threefryWord, uniform01 } from '../../../../stats/threefry.ts';
import { RandomWords } from '../../../../stats/two-sample/random-words.ts';

/** The order is part of every result. */
const PURPOSES = [
  'bootstrap',
  'shuffle',
  'reinitialise',
  'deletion',
  'copies',
  'probes',
  'lanczos',
  'noise',
  'donor',
] as const;
export type Purpose = (typeof PURPOSES)[number];

export const streamOf = (purpose: Purpose): number => PURPOSES.indexOf(purpose);

/** A stream of its own for every address, e.g. (item, draw): the seed's key turned once a number of the address. */
export function addressed(seed: number, purpose: Purpose, ...address: readonly number[]): RandomWords {
  let key = keyOfSeed(seed);
  for (const number of address) key = threefry2x32(key, [number, address.length]);
  return new RandomWords(key[0] + (key[1] >>> 11) * 2 ** 32, streamOf(purpose));
}

/** 0 … n − 1 in random order. */
export function permutation(n: number, words: RandomWords): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  words.shuffle(order);
  return order;
}

/**
 * θ of a model that has learnt nothing: every matrix drawn anew, uniform with its own mean and standard deviation; norms and biases stay (Adebayo et
 * al. 2018 draw all layers anew).
 */
export function reinitialised({ parameters }: Graph, theta: Float32Array, seed: number): Float32Array {
  const out = theta.slice();
  const [k0, k1] = threefry2x32(keyOfSeed(seed), [streamOf('reinitialise'), 0]);
  for (const [place, { shape, at }] of parameters.entries()) {
    if (shape.length < 2) continue;
    const size = numbersOf(shape);
    let [sum, squares] = [0, 0];
    for (let i = at; i < at + size; i++) sum += theta[i];
    const mean = sum / size;
    for (let i = at; i < at + size; i++) squares += (theta[i] - mean) ** 2;
    const half = Math.sqrt((3 * squares) / size);
    for (let i = 0; i < size; i++) out[at + i] = mean + half * (2 * uniform01(threefryWord(k0, k1, i, place)) - 1);
  }
  return out;
}
