/** Of which items pictures are kept whose size grows with the square of their length. */
import type { MetricSetting } from '../metric.ts';
import { longest } from './items.ts';

/** Numbers of all pictures together: 32 MiB in f64. */
const SHOWN_NUMBERS = 2 ** 22;

export interface Shown {
  /** The first of them. */
  readonly items: number;
  /** Positions of each: the first, where not even one fits whole (what a causal network says of them does not depend on the rest). */
  readonly side: number;
}

/** @param maps maps of side × side that an item has */
export function shownOf(setting: MetricSetting, maps: number): Shown {
  const most = SHOWN_NUMBERS / Math.max(1, maps);
  const side = Math.min(longest(setting), Math.max(1, Math.floor(Math.sqrt(most))));
  return { items: Math.max(1, Math.min(setting.items.length, Math.floor(most / side ** 2))), side };
}

/** Copies the first `side` rows and columns of a square. @param into at `at`, rows of `side`, NaN beyond the square */
export function copySquare(
  from: ArrayLike<number>,
  start: number,
  length: number,
  into: Float64Array,
  at: number,
  side: number,
) {
  for (let row = 0; row < Math.min(side, length); row++)
    for (let column = 0; column < Math.min(side, length); column++)
      into[at + row * side + column] = from[start + row * length + column];
}
