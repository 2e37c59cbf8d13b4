/** The result of an item whose answer is a posterior: draws and what the sampler says of them. */
import type { ItemInfo } from '../item.ts';
import type { Predictive } from './predictive.ts';
import type { ResidualCheck } from './residuals.ts';

/** A named column of per-draw values, flattened as [chain][draw]. */
export interface DrawColumn {
  readonly name: string;
  readonly values: Float64Array | Float32Array | Int32Array | Uint8Array;
}

/** One finished item: its posterior draws and sampler statistics. Plain data, structured-cloneable. */
export interface PosteriorItem {
  readonly info: ItemInfo;
  readonly chains: number;
  readonly draws: number;
  /** Absent: draws of Markov chains. `independent`: one "chain" of draws that know nothing of each other. */
  readonly sampling?: Sampling;
  /** Model parameters in natural units, in the workload's order. */
  readonly parameters: readonly DrawColumn[];
  /**
   * ArviZ's sample_stats: lp, energy, energy_error, acceptance_rate, step_size, n_steps, diverging (Uint8). Independent draws of which some were
   * rejected have `accepted_index` (Int32): the number of each among all that were drawn.
   */
  readonly stats: readonly DrawColumn[];
  /**
   * Mode and curvature found by the fit, in natural units, and χ² there. `dataCount`: the number of data, which χ² comes near when the
   * model describes them; absent where they carry no noise. `residuals`: what else the fit leaves over, where that is looked at.
   * Where nothing is fitted: `NO_FIT`.
   */
  readonly fit: {
    readonly mean: readonly number[];
    readonly sd: readonly number[];
    readonly chi2: number;
    readonly dataCount?: number;
    readonly residuals?: ResidualCheck;
  };
  /** Units of work, e.g. gradients, spent on this item: fit, warm-up and sampling. */
  readonly gradients: number;
  /** How the observation fits prior and posterior; absent where that was not asked. */
  readonly predictive?: Predictive;
}

export type Sampling = 'chains' | 'independent';

/** The fit of an experiment that fits nothing. */
export const NO_FIT: PosteriorItem['fit'] = { mean: [], sd: [], chi2: Number.NaN };
