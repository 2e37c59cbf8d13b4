/** Arrays of a finished metric, read by name. */
import type { ItemArray } from '../../../results/arrays.ts';

export type Numbers = ArrayLike<number>;

export class Arrays {
  readonly #by: ReadonlyMap<string, ItemArray>;

  constructor(arrays: readonly ItemArray[]) {
    this.#by = new Map(arrays.map((array) => [array.name, array]));
  }

  has(name: string): boolean {
    return this.#by.has(name);
  }

  /** Length of a dimension; 0 where the array or the dimension is not there. */
  size(name: string, dim: string): number {
    const array = this.#by.get(name);
    return array?.shape[array.dims.indexOf(dim)] ?? 0;
  }

  /** What lies at these indices of the first dimensions; all of it without any. @throws RangeError for an array that is not there */
  of(name: string, ...at: readonly number[]): Numbers {
    const { shape, values } = this.#array(name);
    const length = shape.slice(at.length).reduce((product, n) => product * n, 1);
    const place = at.reduce((sum, index, dim) => sum * shape[dim] + index, 0);
    return values.subarray(place * length, (place + 1) * length);
  }

  /** @throws RangeError for an array that is not there */
  number(name: string, ...at: readonly number[]): number {
    return this.of(name, ...at)[0];
  }

  #array(name: string): ItemArray {
    const array = this.#by.get(name);
    if (!array) throw new RangeError(`the metric has no array ${name}`);
    return array;
  }
}

/** The first `kept` numbers of every row of `width`. */
export function cropped(values: Numbers, width: number, kept: number): Float64Array {
  const rows = values.length / width;
  const out = new Float64Array(rows * kept);
  for (let row = 0; row < rows; row++) for (let i = 0; i < kept; i++) out[row * kept + i] = values[row * width + i];
  return out;
}

/** The first `kept` rows and columns of every square of `side`. */
export function croppedSquares(values: Numbers, side: number, kept: number): Float64Array {
  const squares = values.length / side ** 2;
  const out = new Float64Array(squares * kept ** 2);
  for (let square = 0; square < squares; square++)
    for (let row = 0; row < kept; row++)
      for (let i = 0; i < kept; i++) out[(square * kept + row) * kept + i] = values[(square * side + row) * side + i];
  return out;
}

/** Every `each`-th number, from `at` on. */
export function every(values: Numbers, each: number, at: number): Float64Array {
  return Float64Array.from({ length: values.length / each }, (_, i) => values[i * each + at]);
}

/** `length` numbers, NaN behind those there are. */
export function extended(values: Numbers, length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => (i < values.length ? values[i] : Number.NaN));
}

export const same = (value: number, length: number): Float64Array => new Float64Array(length).fill(value);

/** Place of the largest number; −1 where there is none. */
export function largestAt(values: Numbers): number {
  let best = -1;
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i]) && (best < 0 || values[i] > values[best])) best = i;
  return best;
}
