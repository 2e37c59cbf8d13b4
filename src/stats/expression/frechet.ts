/** Fréchet distance of two samples, each taken for a Gaussian (Dowson & Landau, J. Multivariate Anal. 12 (1982) 450). */
import { largestEigen } from './eigen.ts';
import type { GeneMoments } from './moments.ts';

/**
 * |μ − μ'|² + Tr(Σ + Σ' − 2 (ΣΣ')^½), in squared units of the space. The root's trace is the sum of the roots of the eigenvalues of
 * Σ^½ Σ' Σ^½, which is symmetric. Grows as cells get fewer: compare equal numbers, and with the floor.
 */
export function frechetDistance(a: GeneMoments, b: GeneMoments): number {
  const d = a.mean.length;
  let distance = 0;
  for (let i = 0; i < d; i++) {
    distance += (a.mean[i] - b.mean[i]) ** 2 + a.covariance[i * d + i] + b.covariance[i * d + i];
  }
  const root = symmetricRoot(a.covariance, d);
  const inner = product(product(root, b.covariance, d), root, d);
  // The product is symmetric but for rounding, which the decomposition must not see.
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      inner[i * d + j] = (inner[i * d + j] + inner[j * d + i]) / 2;
      inner[j * d + i] = inner[i * d + j];
    }
  }
  for (const value of largestEigen(inner, d, d).values) distance -= 2 * Math.sqrt(Math.max(0, value));
  return distance;
}

/** The positive semi-definite S with S S = matrix. */
function symmetricRoot(matrix: Float64Array, d: number): Float64Array {
  const { values, vectors } = largestEigen(matrix, d, d);
  const out = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    const root = Math.sqrt(Math.max(0, values[k]));
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) out[i * d + j] += root * vectors[k * d + i] * vectors[k * d + j];
    }
  }
  return out;
}

function product(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < d; k++) {
      const factor = a[i * d + k];
      for (let j = 0; j < d; j++) out[i * d + j] += factor * b[k * d + j];
    }
  }
  return out;
}
