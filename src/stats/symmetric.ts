/** Small symmetric positive-definite matrices, row-major d × d. */

/** Lower Cholesky factor; undefined where the matrix is not positive definite (NaN included). */
export function cholesky(matrix: ArrayLike<number>, d: number): Float64Array | undefined {
  const factor = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * d + j];
      for (let k = 0; k < j; k++) sum -= factor[i * d + k] * factor[j * d + k];
      if (i !== j) factor[i * d + j] = sum / factor[j * d + j];
      else if (sum > 0) factor[i * d + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return factor;
}

/** Solves A x = b, A by its lower Cholesky factor. */
export function solveCholesky(factor: Float64Array, d: number, b: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const x = Float64Array.from(b);
  for (let i = 0; i < d; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= factor[i * d + k] * x[k];
    x[i] = sum / factor[i * d + i];
  }
  for (let i = d - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < d; k++) sum -= factor[k * d + i] * x[k];
    x[i] = sum / factor[i * d + i];
  }
  return x;
}

/** Inverse of a symmetric positive-definite matrix; undefined where it is not positive definite. */
export function invertSymmetric(matrix: ArrayLike<number>, d: number): Float64Array | undefined {
  const factor = cholesky(matrix, d);
  if (!factor) return undefined;
  const inverse = new Float64Array(d * d);
  for (let column = 0; column < d; column++) {
    const x = new Float64Array(d);
    for (let i = 0; i < d; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = 0; k < i; k++) sum -= factor[i * d + k] * x[k];
      x[i] = sum / factor[i * d + i];
    }
    for (let i = d - 1; i >= 0; i--) {
      let sum = x[i];
      for (let k = i + 1; k < d; k++) sum -= factor[k * d + i] * x[k];
      x[i] = sum / factor[i * d + i];
    }
    for (let i = 0; i < d; i++) inverse[i * d + column] = x[i];
  }
  return inverse;
}

/** Matrix times vector. */
export function multiply(matrix: ArrayLike<number>, vector: ArrayLike<number>): Float64Array {
  const d = vector.length;
  return Float64Array.from({ length: d }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += matrix[i * d + k] * vector[k];
    return sum;
  });
}
