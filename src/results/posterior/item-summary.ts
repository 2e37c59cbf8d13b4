/** A finished posterior in short. Plain data, structured-cloneable. */
import type { ParameterSummary } from '../../stats/summary.ts';
import type { ItemInfo } from '../item.ts';
import type { ItemCalibration } from './calibration.ts';
import type { PosteriorItem, Sampling } from './item.ts';
import type { Predictive } from './predictive.ts';

/** Posterior of one parameter of one item, in its own unit. */
export interface NamedSummary extends ParameterSummary {
  readonly name: string;
}

/** A finished item in short: what tables and plots show without its draws. */
export interface ItemSummary {
  readonly info: ItemInfo;
  /** Absent: Markov chains. Independent draws have no R̂ (NaN), no energy, no divergences; their effective size is their number. */
  readonly sampling?: Sampling;
  /** Share of independent draws that were thrown away, e.g. outside the prior; absent where none can be. */
  readonly rejected?: number;
  readonly predictive?: Predictive;
  readonly parameters: readonly NamedSummary[];
  readonly fit: PosteriorItem['fit'];
  /** χ² of the fit over the number of data: about 1 when the model describes them; absent where that is not known. */
  readonly chi2PerDatum?: number;
  /** χ² lies more than five standard deviations from the number of data: the model does not describe them. Absent where unknown. */
  readonly misfit?: boolean;
  /** Why sampling it again would not help, as the end of a sentence about several. Absent where it might. */
  readonly notAgain?: string;
  readonly acceptance: number;
  readonly divergences: number;
  /** Divergent transitions as a share of chains × draws. */
  readonly divergenceFraction: number;
  /** E-BFMI of each chain. */
  readonly bfmi: readonly number[];
  readonly gradients: number;
  /** How often the item was sampled: 1, and one more for each rescue. */
  readonly attempts: number;
  /** Moments and ranks that the statistics over all items are made of; absent where only a summary was kept. */
  readonly calibration?: ItemCalibration;
  /** Passes this project's thresholds (R̂ < 1.01, bulk and tail ESS ≥ 400, E-BFMI ≥ 0.3, no divergence); independent draws: 400, all finite. */
  readonly converged: boolean;
  /** Passes the looser thresholds of its experiment; absent where it has none. */
  readonly passedLooser?: boolean;
  /** The same in summaries that earlier versions kept. */
  readonly passedShine?: boolean;
  /** Each threshold missed, in words; empty when converged. */
  readonly problems: readonly string[];
}

/** Passes the looser thresholds of its experiment, or this project's where it has none. */
export function passesLooser(summary: Pick<ItemSummary, 'converged' | 'passedLooser' | 'passedShine'>): boolean {
  return summary.passedLooser ?? summary.passedShine ?? summary.converged;
}

/** Model and noise do not describe its data, by χ² or by what the fit leaves over: its interval means nothing, converged or not. */
export function unfit({ misfit, fit }: Pick<ItemSummary, 'misfit'> & { readonly fit?: ItemSummary['fit'] }): boolean {
  return misfit === true || fit?.residuals?.correlated === true || fit?.residuals?.scatters === true;
}

/** @throws RangeError for a parameter that it does not have */
export function named(summary: ItemSummary, name: string): NamedSummary {
  const found = summary.parameters.find((parameter) => parameter.name === name);
  if (!found) throw new RangeError(`${summary.info.runId} has no parameter "${name}".`);
  return found;
}
