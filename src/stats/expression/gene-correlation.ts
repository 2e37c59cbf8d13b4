/** How well generated cells keep which genes go together. */
import { StatsInputError } from '../errors.ts';
import type { GeneMoments } from './moments.ts';

export interface CorrelationAgreement {
  /** Mean of (r_generated − r_real)² over pairs of different genes. */
  readonly mse: number;
  /** Least-squares slope of r_generated on r_real over those pairs: 0 for independent genes, 1 where structure is kept. */
  readonly slope: number;
  readonly pairs: number;
}

/** A standard deviation below this share of the mean is rounding: the gene does not vary. */
const STILL = 1e-10;

/** Pearson correlation of each pair of genes, genes × genes; 0 where a gene does not vary, 1 on the diagonal. */
export function geneCorrelation({ covariance, mean }: GeneMoments): Float64Array {
  const d = mean.length;
  const scale = Float64Array.from({ length: d }, (_, a) => {
    const variance = covariance[a * d + a];
    return variance > (STILL * mean[a]) ** 2 ? 1 / Math.sqrt(variance) : 0;
  });
  return covariance.map((value, k) => {
    const [a, b] = [Math.floor(k / d), k % d];
    return a === b ? 1 : value * scale[a] * scale[b];
  });
}

/**
 * Off-diagonal Pearson correlations of generated against real cells. Noise of finite samples adds about 2/cells to the error and pulls the
 * slope below 1 (it is that of a regression on noisy values), so both belong beside their floor.
 */
export function correlationAgreement(real: GeneMoments, generated: GeneMoments): CorrelationAgreement {
  const d = real.mean.length;
  if (generated.mean.length !== d || d < 2) {
    throw new StatsInputError(`correlations need two or more equal genes, got ${d} and ${generated.mean.length}`);
  }
  const [x, y] = [geneCorrelation(real), geneCorrelation(generated)];
  const pairs = (d * (d - 1)) / 2;
  let [sumX, sumY, squares] = [0, 0, 0];
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < a; b++) {
      sumX += x[a * d + b];
      sumY += y[a * d + b];
      squares += (x[a * d + b] - y[a * d + b]) ** 2;
    }
  }
  let [xx, xy] = [0, 0];
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < a; b++) {
      const dx = x[a * d + b] - sumX / pairs;
      xx += dx * dx;
      xy += dx * (y[a * d + b] - sumY / pairs);
    }
  }
  return { mse: squares / pairs, slope: xy / xx, pairs };
}
