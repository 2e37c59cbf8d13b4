/** Whether the model makes data like an observation, and whether its posterior does: p-values, and what they do to a verdict. */

/** p-values of an observation; a field is absent where that was not asked. */
export interface Predictive {
  /** Share of the data of prior and model that are as unlike all others as these, or more. */
  readonly prior?: number;
  /** Share of the data that draws of the posterior make that lie as far from the rest as these, or farther. */
  readonly posterior?: number;
}

/** At or below it an observation is not believed: of those that are sound, one in 1,000 is called so by chance. */
export const IMPROBABLE = 0.001;

export function isImprobable(p: number | undefined): boolean {
  return p !== undefined && p <= IMPROBABLE;
}

/** Why an item must not be believed, in words; empty where nothing is against it. */
export function predictiveProblems({ prior, posterior }: Predictive = {}): string[] {
  const problems: string[] = [];
  if (isImprobable(prior)) problems.push(`the model hardly ever makes such data (prior p ≤ ${IMPROBABLE})`);
  if (isImprobable(posterior))
    problems.push(`data simulated with its draws look otherwise (posterior p ≤ ${IMPROBABLE})`);
  return problems;
}
