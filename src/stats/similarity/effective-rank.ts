/** Over how many directions the rows of a matrix are spread, by five formulas that go by the same name. */
import { SingularValueDecomposition } from 'ml-matrix';
import { StatsInputError } from '../errors.ts';
import { asMatrix, largestEigen } from '../expression/eigen.ts';

export interface EffectiveRanks {
  /** Participation ratio (Σλ)²/Σλ². */
  readonly participationRatio: number;
  /** exp of the entropy of σ/Σσ (Roy & Vetterli 2007). */
  readonly entropyOfSingularValues: number;
  /** exp of the entropy of λ/Σλ. */
  readonly entropyOfVariances: number;
  /** Σλ/λ_max = ‖X‖²_F/‖X‖²_2. */
  readonly stableRank: number;
  /** TensorScope's (Σσ)²/Σσ². */
  readonly squaredSumOverSum: number;
  /** min(n − 1, d), which none exceeds. */
  readonly bound: number;
}

/** Rows n and columns d that the spectrum is of. */
interface Shape {
  readonly n: number;
  readonly d: number;
}

/** From singular values σ of centred rows, λ = σ². All formulas are free of scale. NaN where all are 0. */
export function effectiveRanks(singularValues: ArrayLike<number>, { n, d }: Shape): EffectiveRanks {
  const sigma = Float64Array.from(singularValues);
  const lambda = sigma.map((s) => s * s);
  const sum = (of: Float64Array) => of.reduce((whole, value) => whole + value, 0);
  const [sigmas, lambdas] = [sum(sigma), sum(lambda)];
  const squares = sum(lambda.map((value) => value * value));
  return {
    participationRatio: (lambdas * lambdas) / squares,
    entropyOfSingularValues: expEntropy(sigma, sigmas),
    entropyOfVariances: expEntropy(lambda, lambdas),
    stableRank: lambdas / lambda.reduce((most, value) => Math.max(most, value), 0),
    squaredSumOverSum: (sigmas * sigmas) / lambdas,
    bound: Math.min(n - 1, d),
  };
}

function expEntropy(values: Float64Array, whole: number): number {
  if (!(whole > 0)) return Number.NaN;
  let entropy = 0;
  for (const value of values) if (value > 0) entropy -= (value / whole) * Math.log(value / whole);
  return Math.exp(entropy);
}

/** From rows [n][d], which are centred here; directions below rounding count for nothing. */
export function effectiveRanksOfRows(x: ArrayLike<number>, n: number): EffectiveRanks {
  if (n < 2 || x.length % n !== 0)
    throw new StatsInputError(`${x.length} numbers are not two rows or more, ${n} asked`);
  const d = x.length / n;
  const centred = Float64Array.from(x);
  for (let k = 0; k < d; k++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += x[i * d + k] / n;
    for (let i = 0; i < n; i++) centred[i * d + k] -= mean;
  }
  const { diagonal } = new SingularValueDecomposition(asMatrix(centred, n, d), {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  });
  const rounding = Math.max(n, d) * Number.EPSILON * Math.max(...diagonal);
  return effectiveRanks(
    diagonal.map((s) => (s > rounding ? s : 0)),
    { n, d },
  );
}

/**
 * From the covariance of the rows, or any multiple of it, [d][d]: what is kept where rows are too many to keep. Eigenvalues that rounding alone explains count
 * for nothing, and so directions fainter than about 1e-7 of the strongest are lost (1e-3 where the covariance was summed in f32: pass its precision).
 * @param epsilon rounding of the entries relative to the largest.
 */
export function effectiveRanksOfCovariance(
  covariance: Float64Array,
  { n, d }: Shape,
  epsilon = Number.EPSILON,
): EffectiveRanks {
  const { values } = largestEigen(covariance, d, d);
  const rounding = d * epsilon * Math.abs(values[0]);
  return effectiveRanks(
    values.map((value) => (value > rounding ? Math.sqrt(value) : 0)),
    { n, d },
  );
}

/** Centred covariance (1/(n − 1)) from sums over rows: Σ x xᵀ [d][d] and Σ x [d]. */
export function covarianceOfSums(
  products: ArrayLike<number>,
  sums: ArrayLike<number>,
  n: number,
): Float64Array<ArrayBuffer> {
  const d = sums.length;
  if (products.length !== d * d) throw new StatsInputError(`${products.length} products are not ${d} × ${d}`);
  return Float64Array.from(
    { length: d * d },
    (_, at) => (products[at] - (sums[Math.floor(at / d)] * sums[at % d]) / n) / (n - 1),
  );
}
