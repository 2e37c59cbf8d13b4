/** Whether the model makes data like an observation, and whether its posterior does: p-values, and what they do to a verdict. */
/** p-values of an observation; a field is absent where that was not asked. */
export interface Predictive {
  /** Share of the data of prior and simulator that are as unlike all others as these, or more. */
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
  return [
    ...(isImprobable(prior)
      ? [`the simulator hardly ever makes such data (p ${pValueText(prior)}): no posterior of them means anything`]
      : []),
    ...(isImprobable(posterior)
      ? [
          `data simulated with its draws do not look like the observation (posterior predictive p ${pValueText(posterior)})`,
        ]
      : []),
  ];
}

/** "≤ 0.001", "0.34"; a dash where there is none. */
export function pValueText(p: number | undefined): string {
  if (p === undefined) return '–';
  return isImprobable(p) ? `≤ ${IMPROBABLE}` : String(Number(p.toPrecision(2)));
}
