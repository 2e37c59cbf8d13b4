/** Sums over rows of pairs of representations, each pair in one run of numbers: they add up, and an item's can be taken off again. */
import type { Moments } from '../../../../nn/graph/machine.ts';
import { cka, hsic0, hsic1, type PairSums } from '../../../../stats/similarity/hsic-sums.ts';

/** Numbers of a pair of widths dx and dy. */
export const pairNumbers = (dx: number, dy: number) => 4 + 2 * (dx + dy) + dx * dy;

export function packMoments({ count, xNorm, yNorm, norms, x, y, xByNorm, yByNorm, products }: Moments): Float64Array {
  return pack([count, xNorm, yNorm, norms], [x, y, xByNorm, yByNorm, products]);
}

export function packSums({ n, xx, yy, q, sx, sy, a, b, c }: PairSums): Float64Array {
  return pack([n, xx, yy, q], [sx, sy, a, b, c]);
}

function pack(scalars: readonly number[], parts: readonly ArrayLike<number>[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, scalars.length));
  out.set(scalars);
  let at = scalars.length;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function pairOf(packed: Float64Array, dx: number, dy: number): PairSums {
  const [n, xx, yy, q] = packed;
  let at = 4;
  const next = (length: number) => {
    at += length;
    return packed.subarray(at - length, at);
  };
  const [sx, sy, a, b] = [next(dx), next(dy), next(dx), next(dy)];
  return { n, xx, yy, q, sx, sy, a, b, c: next(dx * dy) };
}

export function addTo(into: Float64Array, packed: Float64Array): void {
  for (let i = 0; i < packed.length; i++) into[i] += packed[i];
}

export const less = (whole: Float64Array, part: Float64Array) => whole.map((value, i) => value - part[i]);

/** Participation ratio (Σλ)²/Σλ² = tr(C)²/‖C‖²_F of a set's covariance, from its sums with itself. */
export function participationOf({ n, sx, c }: PairSums): number {
  const d = sx.length;
  let [trace, squares] = [0, 0];
  for (let k = 0; k < d; k++)
    for (let l = 0; l < d; l++) {
      const own = c[k * d + l] - (sx[k] * sx[l]) / n;
      if (k === l) trace += own;
      squares += own * own;
    }
  return (trace * trace) / squares;
}

/** Debiased HSIC; NaN below four rows. */
export const debiased = (sums: PairSums) => (sums.n < 4 ? Number.NaN : hsic1(sums));

/** Pairs x ≤ y of `count` sets, row after row of the upper triangle. */
export function pairsOf(count: number): (readonly [x: number, y: number])[] {
  return Array.from({ length: count }, (_, x) =>
    Array.from({ length: count - x }, (_, k) => [x, x + k] as const),
  ).flat();
}

export const pairAt = (count: number, a: number, b: number) => {
  const [x, y] = a <= b ? [a, b] : [b, a];
  return x * count - (x * (x - 1)) / 2 + (y - x);
};

/** [sets][sets] of CKA from HSIC of all pairs. @param hsic of pair p, as `pairsOf` orders them */
export function ckaMatrix(count: number, hsic: (pair: number) => number): Float64Array {
  return Float64Array.from({ length: count * count }, (_, at) => {
    const [a, b] = [Math.floor(at / count), at % count];
    return cka({ xy: hsic(pairAt(count, a, b)), xx: hsic(pairAt(count, a, a)), yy: hsic(pairAt(count, b, b)) });
  });
}

/** TensorScope's: biased, and 1e-5 in the denominator. */
export function theirCka(xy: PairSums, xx: PairSums, yy: PairSums): number {
  return hsic0(xy) / (Math.sqrt(hsic0(xx) * hsic0(yy)) + 1e-5);
}
