/** Choosing cells, so that both sides of a comparison have equally many. */
import { StatsInputError } from '../errors.ts';
import type { Points } from '../two-sample/points.ts';
import { RandomWords } from '../two-sample/random-words.ts';

/**
 * `count` cells of `available` in random order, without repeats; where fewer are there, all of them and then repeats (drawn with
 * replacement). Same seed and stream, same cells.
 */
export function chooseCells(available: number, count: number, seed: number, stream: number): Uint32Array {
  if (available < 1) throw new StatsInputError('there are no cells to choose from');
  const words = new RandomWords(seed, stream);
  const order = Uint32Array.from({ length: available }, (_, i) => i);
  words.shuffle(order);
  return Uint32Array.from({ length: count }, (_, i) =>
    i < available ? order[i] : Math.floor(words.word() * 2 ** -32 * available),
  );
}

/** Those cells, copied, of the same kind of array. */
export function takeCells<T extends Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array>(
  values: T,
  dim: number,
  cells: Uint32Array,
): Points & { readonly values: T } {
  const out = values.slice(0, 0);
  const taken = new (out.constructor as new (length: number) => T)(cells.length * dim);
  for (let i = 0; i < cells.length; i++) taken.set(values.subarray(cells[i] * dim, (cells[i] + 1) * dim), i * dim);
  return { values: taken, dim };
}
