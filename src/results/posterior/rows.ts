/** The draws of many items as rows of one table, item after item, chain by chain. */
import { convert, type StoredType } from '../../bundle/netcdf.ts';
import type { PosteriorColumn } from '../../bundle/types.ts';

interface Sized {
  readonly chains: number;
  readonly draws: number;
}

export class Rows<Item extends Sized = Sized> {
  readonly count: number;
  /** First row of each item, and the number of all. */
  readonly #starts: Float64Array;
  readonly #items: readonly Item[];

  constructor(items: readonly Item[]) {
    this.#items = items;
    this.#starts = new Float64Array(items.length + 1);
    items.forEach(({ chains, draws }, i) => {
      this.#starts[i + 1] = this.#starts[i] + chains * draws;
    });
    this.count = this.#starts[items.length];
  }

  /** Of each row, the number of its item. */
  readonly realizations = (first: number, count: number) =>
    this.#whole(first, count, (piece, _, item) => piece.fill(item));

  /** Of each row, the number of its chain. */
  readonly chains = (first: number, count: number) =>
    this.#whole(first, count, (piece, from, _, { draws }) => {
      for (let i = 0; i < piece.length; i++) piece[i] = Math.floor((from + i) / draws);
    });

  /** Of each row, its number within its chain. */
  readonly draws = (first: number, count: number) =>
    this.#whole(first, count, (piece, from, _, { draws }) => {
      for (let i = 0; i < piece.length; i++) piece[i] = (from + i) % draws;
    });

  /** `count` values of a column, as they are stored. */
  values(
    first: number,
    count: number,
    type: StoredType,
    column: (item: Item) => PosteriorColumn,
  ): ReturnType<typeof convert> {
    const out = convert(new Uint8Array(count), type);
    this.#walk(first, count, (at, from, length, item) => {
      out.set(convert(column(this.#items[item]).values.subarray(from, from + length), type), at);
    });
    return out;
  }

  #whole(
    first: number,
    count: number,
    fill: (piece: Int32Array, from: number, item: number, sizes: Sized) => void,
  ): Int32Array<ArrayBuffer> {
    const out = new Int32Array(count);
    this.#walk(first, count, (at, from, length, item) =>
      fill(out.subarray(at, at + length), from, item, this.#items[item]),
    );
    return out;
  }

  /** The items that rows belong to. @param visit place among the rows asked for, first row within the item, number of rows, item */
  #walk(first: number, count: number, visit: (at: number, from: number, length: number, item: number) => void): void {
    let item = this.#itemOf(first);
    for (let row = first; row < first + count; item++) {
      const length = Math.min(this.#starts[item + 1], first + count) - row;
      if (length > 0) visit(row - first, row - this.#starts[item], length, item);
      row += length;
    }
  }

  /** The last item that begins at a row or before. */
  #itemOf(row: number): number {
    let [low, high] = [0, this.#items.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle] <= row) low = middle;
      else high = middle;
    }
    return low;
  }
}
