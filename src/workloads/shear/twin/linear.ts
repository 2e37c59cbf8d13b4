/** Small dense linear algebra (d ≤ 8), row-major. Twin of the shaders' Cholesky and solves. */

/** Lower Cholesky factor R of a symmetric matrix, H = R Rᵀ; undefined where a pivot is not finite and positive. */
export function cholesky(matrix: Float64Array, d: number): Float64Array | undefined {
  const lower = new Float64Array(d * d);
  for (let j = 0; j < d; j++) {
    let pivot = matrix[j * d + j];
    for (let k = 0; k < j; k++) pivot -= lower[j * d + k] ** 2;
    if (!(pivot > 0) || !Number.isFinite(pivot)) return undefined;
    const root = Math.sqrt(pivot);
    lower[j * d + j] = root;
    for (let i = j + 1; i < d; i++) {
      let sum = matrix[i * d + j];
      for (let k = 0; k < j; k++) sum -= lower[i * d + k] * lower[j * d + k];
      lower[i * d + j] = sum / root;
    }
  }
  return lower;
}

/** Solves R x = b for lower R. */
export function solveLower(lower: Float64Array, b: ArrayLike<number>, d: number): Float64Array {
  const x = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= lower[i * d + k] * x[k];
    x[i] = sum / lower[i * d + i];
  }
  return x;
}

/** Solves Rᵀ x = b for lower R. */
export function solveLowerTransposed(lower: Float64Array, b: ArrayLike<number>, d: number): Float64Array {
  const x = new Float64Array(d);
  for (let i = d - 1; i >= 0; i--) {
    let sum = b[i];
    for (let k = i + 1; k < d; k++) sum -= lower[k * d + i] * x[k];
    x[i] = sum / lower[i * d + i];
  }
  return x;
}

/** A B for d × d matrices. */
export function multiply(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let k = 0; k < d; k++) for (let j = 0; j < d; j++) out[i * d + j] += a[i * d + k] * b[k * d + j];
  return out;
}

/** y = A x. */
export function apply(a: Float64Array, x: ArrayLike<number>, out: Float64Array): void {
  const d = out.length;
  for (let i = 0; i < d; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += a[i * d + j] * x[j];
    out[i] = sum;
  }
}

/** y = Aᵀ x. */
export function applyTransposed(a: Float64Array, x: ArrayLike<number>, out: Float64Array): void {
  const d = out.length;
  out.fill(0);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[j] += a[i * d + j] * x[i];
}
