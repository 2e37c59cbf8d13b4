/** Places of the largest values, the largest first; NaN is none. */
export function strongestKeys(values: ArrayLike<number>, count: number): number[] {
  return Array.from({ length: values.length }, (_, i) => i)
    .filter((i) => !Number.isNaN(values[i]))
    .sort((a, b) => values[b] - values[a] || a - b)
    .slice(0, count);
}

/** The key that a query of a causal pattern [n][n] attends to most. */
export function strongestKey(values: ArrayLike<number>, n: number, query: number): number {
  let best = 0;
  for (let key = 1; key <= query; key++) if (values[query * n + key] > values[query * n + best]) best = key;
  return best;
}
