/** Representations of two models of one layout on the same rows: sums on the CPU, since a machine holds the values of one model at a time. */
import { pairSums } from '../../../../stats/similarity/hsic-sums.ts';
import type { MetricSetting } from '../metric.ts';
import { lengthOf } from './loss-rows.ts';
import { addTo, debiased, less, packSums, pairNumbers, pairOf } from './pair-tables.ts';
import { setsOf } from './representation-sets.ts';

/** Products of sums of all pairs above this: streams are compared with their own counterpart alone. */
const MOST_PRODUCTS = 2 ** 34;

export interface CrossPair {
  /** Of this model's set x with the other's y, or of a set with itself in one model. */
  readonly of: 'both' | 'this' | 'other';
  readonly x: number;
  readonly y: number;
}

/** Whether every set is compared with every other's, or with its counterpart alone. */
export function comparesAll({ graph, items }: MetricSetting): boolean {
  const rows = items.reduce((sum, item) => sum + lengthOf(graph, item), 0);
  const width = setsOf(graph).reduce((sum, { value }) => sum + graph.widths[value], 0);
  return rows * width * width <= MOST_PRODUCTS;
}

export function crossPairs(setting: MetricSetting): CrossPair[] {
  const sets = setsOf(setting.graph).map((_, set) => set);
  const all = comparesAll(setting);
  return [
    ...sets.flatMap((x) => sets.filter((y) => all || x === y).map((y): CrossPair => ({ of: 'both', x, y }))),
    ...sets.map((x): CrossPair => ({ of: 'this', x, y: x })),
    ...sets.map((x): CrossPair => ({ of: 'other', x, y: x })),
  ];
}

/** Sums of all pairs, and HSIC of matched ones without each item. */
export class CrossSums {
  readonly pairs: readonly CrossPair[];
  readonly sums: Float64Array;
  /** [item][pair]; NaN of pairs that are not matched. */
  readonly leftOut: Float64Array;
  readonly #starts: readonly number[];
  readonly #setting: MetricSetting;

  constructor(setting: MetricSetting) {
    this.#setting = setting;
    this.pairs = crossPairs(setting);
    const starts = [0];
    for (const { x, y } of this.pairs)
      starts.push(starts[starts.length - 1] + pairNumbers(this.#width(x), this.#width(y)));
    this.#starts = starts;
    this.sums = new Float64Array(starts[starts.length - 1]);
    this.leftOut = new Float64Array(setting.items.length * this.pairs.length).fill(Number.NaN);
  }

  /** @param own, other [set][row × width] of an item, less the mean of each set */
  add(own: readonly Float64Array[], other: readonly Float64Array[], rows: number): void {
    for (const pair of this.pairs.keys()) addTo(this.#of(pair), this.#item(pair, own, other, rows));
  }

  leave(item: number, own: readonly Float64Array[], other: readonly Float64Array[], rows: number): void {
    for (const [pair, { x, y }] of this.pairs.entries()) {
      if (x !== y) continue;
      const rest = less(this.#of(pair), this.#item(pair, own, other, rows));
      this.leftOut[item * this.pairs.length + pair] = debiased(pairOf(rest, this.#width(x), this.#width(y)));
    }
  }

  hsic(pair: number): number {
    const { x, y } = this.pairs[pair];
    return debiased(pairOf(this.#of(pair), this.#width(x), this.#width(y)));
  }

  #width(set: number): number {
    const { graph } = this.#setting;
    return graph.widths[setsOf(graph)[set].value];
  }

  #of(pair: number): Float64Array {
    return this.sums.subarray(this.#starts[pair], this.#starts[pair + 1]);
  }

  #item(pair: number, own: readonly Float64Array[], other: readonly Float64Array[], rows: number): Float64Array {
    const { of, x, y } = this.pairs[pair];
    return packSums(pairSums((of === 'other' ? other : own)[x], (of === 'this' ? own : other)[y], rows));
  }
}
