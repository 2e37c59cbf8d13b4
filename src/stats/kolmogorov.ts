/** Distribution of the Kolmogorov–Smirnov statistic. */
import { logGamma } from './special.ts';

/** Above this many samples the exact matrix power is replaced by the limit with its finite-size correction. */
const EXACT_MAX = 500;

/** Survival function of the Kolmogorov distribution: P(sup |Brownian bridge| ≥ x) (DLMF 20.10; Smirnov 1948). */
export function kolmogorovSurvival(x: number): number {
  if (x <= 0) return 1;
  if (x < 1.18) {
    // The two series are Jacobi transforms of each other; each converges fast on its side.
    let sum = 0;
    for (let k = 1; k <= 20; k++) sum += Math.exp((-((2 * k - 1) ** 2) * Math.PI ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return 2 * sum;
}

/** P(D_n⁺ ≥ d), the one-sided statistic, exactly (Smirnov 1944; Birnbaum & Tingey 1951). */
function smirnovSurvival(n: number, d: number): number {
  let sum = 0;
  for (let j = 0; j <= Math.floor(n * (1 - d)); j++) {
    const rest = 1 - d - j / n;
    if (rest <= 0) continue;
    const logBinomial = logGamma(n + 1) - logGamma(j + 1) - logGamma(n - j + 1);
    sum += Math.exp(logBinomial + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(rest));
  }
  return d * sum;
}

/** P(D_n < d) as the middle element of Hᵐ (Marsaglia, Tsang & Wang 2003). */
function exactCdf(n: number, d: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  let matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) matrix[i * size + j] = i - j + 1 < 0 ? 0 : 1;
  for (let i = 0; i < size; i++) {
    matrix[i * size] -= h ** (i + 1);
    matrix[(size - 1) * size + i] -= h ** (size - i);
  }
  matrix[(size - 1) * size] += 2 * h - 1 > 0 ? (2 * h - 1) ** size : 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) for (let g = 1; g <= i - j + 1; g++) matrix[i * size + j] /= g;
  }
  // Square and multiply, with the largest entries kept in range by a running exponent.
  let power = new Float64Array(size * size);
  for (let i = 0; i < size; i++) power[i * size + i] = 1;
  let powerScale = 0;
  let matrixScale = 0;
  const middle = (k - 1) * size + k - 1;
  for (let rest = n; rest > 0; rest >>= 1) {
    if (rest & 1) {
      power = multiply(power, matrix, size);
      powerScale += matrixScale;
      if (power[middle] > 1e140) {
        for (let i = 0; i < power.length; i++) power[i] *= 1e-140;
        powerScale += 140;
      }
    }
    if (rest > 1) matrix = multiply(matrix, matrix, size);
    matrixScale *= 2;
    if (matrix[middle] > 1e140) {
      for (let i = 0; i < matrix.length; i++) matrix[i] *= 1e-140;
      matrixScale += 140;
    }
  }
  let logFactor = powerScale * Math.LN10;
  for (let i = 1; i <= n; i++) logFactor += Math.log(i / n);
  return power[middle] * Math.exp(logFactor);
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k];
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) product[i * size + j] += factor * b[k * size + j];
    }
  }
  return product;
}

/**
 * P(D_n ≥ d) of the two-sided one-sample statistic. Exact to 500 samples (and in the tail for any n); above,
 * the Kolmogorov limit at Vrbik's corrected argument (2018, "Small-sample corrections to Kolmogorov–Smirnov").
 */
export function ksSurvival(n: number, d: number): number {
  if (!(d > 0)) return d <= 0 ? 1 : Number.NaN;
  if (d >= 1) return 0;
  // Both sides exceed d together with a probability e^(−6nd²) times smaller: below 1e-10 from here on.
  if (n * d * d >= 4) return Math.min(1, 2 * smirnovSurvival(n, d));
  if (n <= EXACT_MAX) return Math.min(1, Math.max(0, 1 - exactCdf(n, d)));
  const x = Math.sqrt(n) * d;
  return Math.min(1, Math.max(0, kolmogorovSurvival(x + 1 / (6 * Math.sqrt(n)) + (x - 1) / (4 * n))));
}
