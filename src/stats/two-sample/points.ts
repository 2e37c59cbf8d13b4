/** Points of a sample, [n][dim] flattened, as all two-sample measures take them. */
import { StatsInputError } from '../errors.ts';

export interface Points {
  /** Row-major [n, dim]. */
  readonly values: ArrayLike<number>;
  readonly dim: number;
}

/** Number of points. @throws StatsInputError where values are missing, too many, or not finite. */
export function countPoints({ values, dim }: Points, name: string, atLeast = 1): number {
  if (!Number.isInteger(dim) || dim < 1) {
    throw new StatsInputError(`${name}.dim must be a positive integer, got ${dim}`);
  }
  if (values.length % dim !== 0) {
    throw new StatsInputError(`${name} has ${values.length} values, which do not make points of ${dim} values each`);
  }
  const n = values.length / dim;
  if (n < atLeast) throw new StatsInputError(`${name} has ${n} points; at least ${atLeast} are needed`);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      const [point, axis] = [Math.floor(i / dim), i % dim];
      throw new StatsInputError(`${name} holds ${values[i]} at point ${point}, value ${axis}; leave such points out`);
    }
  }
  return n;
}

/** Throws unless points of both samples have the same number of values. */
export function requireSameDim(a: Points, b: Points): void {
  if (a.dim !== b.dim) {
    throw new StatsInputError(`the samples have points of ${a.dim} and ${b.dim} values; compare equal dimensions`);
  }
}
