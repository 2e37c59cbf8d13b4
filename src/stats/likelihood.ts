/**
 * Likelihoods back from posteriors, so that many of them can be combined without counting the prior once for each
 * (Bernstein & Armstrong 2014 combine their data so; for Gaussians it is a subtraction of precisions).
 */
import { StatsInputError } from './errors.ts';
import { invertSymmetric, multiply } from './symmetric.ts';

/** Independent normal priors, one a component. */
export interface NormalPriors {
  readonly mean: readonly number[];
  readonly sigma: readonly number[];
}

/** A posterior by its first two moments. */
export interface GaussianPosterior {
  readonly mean: ArrayLike<number>;
  /** d × d, row-major, S − 1 in the denominator. */
  readonly covariance: ArrayLike<number>;
  /** Effective number of draws behind the covariance; without it the covariance counts as exact. */
  readonly effectiveSize?: number;
}

/** exp(ηᵀg − ½ gᵀΛg) up to a constant. One item's Λ may fail to be positive definite; only sums of them are divided by. */
export interface GaussianLikelihood {
  /** Λ, d × d row-major. */
  readonly precision: Float64Array;
  /** η. */
  readonly shift: Float64Array;
}

/**
 * Λ = Σ⁻¹ − Σ_prior⁻¹, η = Σ⁻¹μ − Σ_prior⁻¹μ_prior. The inverse of a covariance estimated from n draws is too large by
 * (n − 1)/(n − d − 2) on average (Hartlap, Simon & Schneider 2007, eq. 17); that is taken out, else faint items, whose
 * Σ⁻¹ is mostly prior, would keep some of it.
 * @throws StatsInputError for a covariance that is not positive definite, sizes that differ, or a prior width that is not positive.
 */
export function likelihoodOf(posterior: GaussianPosterior, prior: NormalPriors): GaussianLikelihood {
  const d = posterior.mean.length;
  if (posterior.covariance.length !== d * d || prior.mean.length !== d || prior.sigma.length !== d) {
    throw new StatsInputError(`mean has ${d} components; covariance must have ${d * d} and the prior ${d}`);
  }
  if (!prior.sigma.every((sigma) => sigma > 0)) throw new StatsInputError('prior widths must be positive');
  const precision = invertSymmetric(posterior.covariance, d);
  if (!precision) throw new StatsInputError('the posterior covariance is not positive definite');
  const n = posterior.effectiveSize;
  if (n !== undefined) {
    if (!(n > d + 2)) throw new StatsInputError(`${n} effective draws are too few for a covariance of ${d} components`);
    const factor = (n - d - 2) / (n - 1);
    for (let i = 0; i < precision.length; i++) precision[i] *= factor;
  }
  const shift = multiply(precision, posterior.mean);
  for (let i = 0; i < d; i++) {
    const weight = prior.sigma[i] ** -2;
    precision[i * d + i] -= weight;
    shift[i] -= weight * prior.mean[i];
  }
  return { precision, shift };
}

/** The value that several likelihoods share: ĝ = (ΣΛ)⁻¹ Ση with covariance (ΣΛ)⁻¹; undefined where ΣΛ is not positive definite. */
export function combineLikelihoods(
  likelihoods: readonly GaussianLikelihood[],
): { readonly mean: Float64Array; readonly covariance: Float64Array } | undefined {
  if (likelihoods.length === 0) return undefined;
  const d = likelihoods[0].shift.length;
  const precision = new Float64Array(d * d);
  const shift = new Float64Array(d);
  for (const likelihood of likelihoods) {
    for (let i = 0; i < d * d; i++) precision[i] += likelihood.precision[i];
    for (let i = 0; i < d; i++) shift[i] += likelihood.shift[i];
  }
  const covariance = invertSymmetric(precision, d);
  return covariance && { mean: multiply(covariance, shift), covariance };
}
