/** Principal components that are fitted on real cells alone, and onto which every set of cells is projected. */
import { StatsInputError } from '../errors.ts';
import type { Points } from '../two-sample/points.ts';
import { largestEigen } from './eigen.ts';
import type { GeneMoments } from './moments.ts';

export interface Components {
  readonly genes: number;
  readonly count: number;
  readonly mean: Float64Array;
  /** [count][genes] */
  readonly vectors: Float64Array;
  /** Variance along each, cells − 1 in the denominator, descending. */
  readonly variances: Float64Array;
}

/** The `count` principal components of centred, unscaled expression: at most as many as there are genes, and cells less one. */
export function fitComponents({ cells, mean, covariance }: GeneMoments, count: number): Components {
  const genes = mean.length;
  const most = Math.min(count, genes, cells - 1);
  const { values, vectors } = largestEigen(covariance, genes, most);
  return { genes, count: most, mean, vectors, variances: values };
}

/** Coordinates of cells, [cells][count]. */
export function project({ genes, count, mean, vectors }: Components, { values, dim }: Points): Points {
  if (dim !== genes) throw new StatsInputError(`cells have ${dim} genes, the components ${genes}`);
  const cells = values.length / genes;
  const out = new Float64Array(cells * count);
  const centred = new Float64Array(genes);
  for (let i = 0; i < cells; i++) {
    for (let a = 0; a < genes; a++) centred[a] = values[i * genes + a] - mean[a];
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let a = 0; a < genes; a++) sum += centred[a] * vectors[k * genes + a];
      out[i * count + k] = sum;
    }
  }
  return { values: out, dim: count };
}
