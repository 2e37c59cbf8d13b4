/** Energy distance between samples (Székely & Rizzo, J. Stat. Plan. Inference 143 (2013) 1249). */
import type { Points } from '../two-sample/points.ts';
import { squaredDistances } from '../two-sample/squared-distances.ts';

/** Mean |x − y| over all pairs; within one sample (b is a) over all pairs with those of a point and itself, as scikit-learn's mean is. */
export function meanDistance(a: Points, b: Points): number {
  const half = a === b;
  let sum = 0;
  for (const { row, rows, column, columns, squares } of squaredDistances(a, b, half)) {
    for (let i = 0; i < rows; i++) {
      const end = half ? Math.min(columns, row + i - column) : columns;
      for (let j = 0; j < end; j++) sum += Math.sqrt(squares[i * columns + j]);
    }
  }
  const pairs = (a.values.length / a.dim) * (b.values.length / b.dim);
  return (half ? 2 * sum : sum) / pairs;
}

/** 2 E|x − y| − E|x − x'| − E|y − y'|, in units of the space (Cell-Eval's edistance: Euclidean distances, V-statistic). */
export function energyDistance(a: Points, b: Points, withinB = meanDistance(b, b)): number {
  return 2 * meanDistance(a, b) - meanDistance(a, a) - withinB;
}
