/** Places of the largest values, the largest first; NaN is none. */
export function strongestKeys(values: ArrayLike<number>, count: number): number[] {
  return Array.from({ length: values.length }, (_, i) => i)
    .filter((i) => !Number.isNaN(values[i]))
    .sort((a, b) => values[b] - values[a] || a - b)
    .slice(0, count);
}
