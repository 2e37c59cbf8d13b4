import { rhat } from '../../stats/rhat.ts';

/**
 * R̂ of independent draws: their first half against their second, as if each were a chain. It says 1 unless the way of drawing changed half-way;
 * NaN for fewer than eight draws, and for draws that are not finite or all equal.
 */
export function halvesRhat(values: ArrayLike<number>): number {
  const half = values.length >> 1;
  return half < 4
    ? Number.NaN
    : rhat(
        Array.from({ length: 2 * half }, (_, i) => values[i]),
        2,
        half,
      );
}
