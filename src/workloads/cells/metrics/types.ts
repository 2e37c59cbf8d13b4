/** What is measured of generated cells, and how it comes back: plain data, from and to workers as it is. */
import type { BinHistogram, Bins } from '../data/types.ts';

/** Cells of one origin. */
export interface CellSet {
  /** [cells][genes], all below V. */
  readonly tokens: Uint8Array;
  /** Counts of molecules, [cells][genes]; without them counts are drawn inside the bins. */
  readonly counts?: Uint16Array | Uint32Array;
  /** Perturbation of each cell, an index into `perturbations.names`; an index beyond is none. */
  readonly perturbation?: Uint32Array;
}

export interface CellMetricsInput {
  readonly genes: readonly string[];
  readonly bins: Bins;
  readonly generated: CellSet;
  /** Cells that the generator has not seen: what all others are compared with. */
  readonly real: CellSet;
  /** Cells that it was trained on: floor and baselines come from them. Without them half of the real cells serve. */
  readonly training?: CellSet;
  /** Counts by gene and bin, to draw counts of tokens; without it a bin's count is its lower edge. */
  readonly histogram?: BinHistogram;
  readonly perturbations?: { readonly names: readonly string[]; readonly control: string };
  readonly imputation?: ImputationInput;
  readonly likelihood?: LikelihoodInput;
  /** Whether a classifier is trained to tell generated cells from real ones: some tens of seconds. */
  readonly classifier?: boolean;
  /** A whole number from 0 to 2⁵³ − 1. */
  readonly seed: number;
  /** Most cells on either side; `MOST_CELLS` unless given. */
  readonly cells?: number;
}

/** Hidden tokens and their guesses, [cells][genes] each. */
export interface ImputationInput {
  readonly truth: Uint8Array;
  readonly predicted: Uint8Array;
  /** 1 where the token was hidden. */
  readonly hidden: Uint8Array;
}

/** −ln p of held-out cells, nats a gene. */
export interface LikelihoodInput {
  /** [cells][genes] */
  readonly nll: Float64Array;
  /** Mean of each model it is to beat, by name. */
  readonly baselines: Readonly<Record<string, number>>;
}

/** Which way is good; `zero` and `one`: nearer to it. */
export type Better = 'lower' | 'higher' | 'zero' | 'one';

export interface MetricWords {
  readonly id: string;
  readonly title: string;
  /** Formula and source. */
  readonly definition: string;
  /** The space it is measured in. */
  readonly space: string;
  readonly better: Better;
}

/** A number, or null where there is none: JSON has no NaN. */
export type Value = number | null;

export interface MetricRow extends MetricWords {
  readonly value: Value;
  /** The same of real training cells in place of generated ones: as near as noise lets anything come. */
  readonly floor: Value;
  /** The same between two halves of the real cells. */
  readonly ceiling?: Value;
  /** The same of what needs no model, by name. */
  readonly baselines: Readonly<Record<string, Value>>;
  /** Cells on either side; where tokens are compared one by one, the tokens. */
  readonly n: number;
  readonly seed: number;
  /** What goes with the value: quantiles, spread over perturbations. */
  readonly parts?: Readonly<Record<string, Value | readonly Value[]>>;
}

export interface PerturbationRow {
  readonly perturbation: string;
  /** Cells on either side, and controls. */
  readonly cells: number;
  readonly controls: number;
  /** By the id of the metric: generated cells, and what stands beside them. */
  readonly values: Readonly<Record<string, Readonly<Record<string, Value>>>>;
}

export interface CellMetrics {
  /** Cells of either side in the rows that say nothing else. */
  readonly cells: number;
  readonly genes: number;
  readonly seed: number;
  readonly rows: readonly MetricRow[];
  /** What each column of `perturbations` means. */
  readonly perturbationMetrics: readonly MetricWords[];
  readonly perturbations: readonly PerturbationRow[];
  /** What a reader has to know of these numbers, whole sentences. */
  readonly notes: readonly string[];
}

/** What is being measured. */
export interface MetricProgress {
  readonly metric: string;
  readonly done: number;
  readonly of: number;
}

export const orNull = (number: number): Value => (Number.isFinite(number) ? number : null);
