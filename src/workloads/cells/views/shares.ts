import type { Range } from '../../../ui/charts/scale.ts';

/** Share of the values in each of so many equal parts of a range; ends belong to the outermost. */
export function shares(values: ArrayLike<number>, { min, max }: Range, parts: number): number[] {
  const counts = new Array<number>(parts).fill(0);
  for (let i = 0; i < values.length; i++) {
    const part = Math.floor(((values[i] - min) / (max - min)) * parts);
    counts[Math.max(0, Math.min(parts - 1, part))]++;
  }
  return counts.map((count) => count / Math.max(1, values.length));
}
