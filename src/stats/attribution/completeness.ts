/** Whether attributions add up to what they attribute. */

export interface Completeness {
  /** Σ_s a_s. */
  readonly sum: number;
  /** f(e) − f(b). */
  readonly difference: number;
  /** δ = Σ_s a_s − (f(e) − f(b)): the error of the quadrature, or of a path that the rule cannot follow. */
  readonly residual: number;
  /** |δ|/|f(e) − f(b)|; infinite where the difference is 0 and δ is not. */
  readonly relative: number;
}

/** Completeness axiom (Sundararajan, Taly & Yan 2017). @param input f at the input. @param baseline f at the baseline. */
export function completeness(attributions: ArrayLike<number>, input: number, baseline: number): Completeness {
  let sum = 0;
  for (let s = 0; s < attributions.length; s++) sum += attributions[s];
  const difference = input - baseline;
  const residual = sum - difference;
  return { sum, difference, residual, relative: residual === 0 ? 0 : Math.abs(residual / difference) };
}
