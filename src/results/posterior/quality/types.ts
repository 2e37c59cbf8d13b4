/**
 * How good posteriors are where the exact ones are known: each against exact draws, and all together against their truths. Plain data, as
 * workers, pages and metrics.json pass it on.
 */
import type { NetworkMemory } from '../../../gpu/network-memory.ts';
import type { Precision } from '../../../gpu/precision.ts';

/** Points on either side of a two-sample measure: `quick` while somebody waits, `full` as sbibm has it. */
export type QualitySize = 'quick' | 'full';
export const QUALITY_POINTS: Readonly<Record<QualitySize, number>> = { quick: 1000, full: 10_000 };
/** Exact draws behind means and standard deviations. */
export const MOMENT_POINTS = 10_000;
/** Observations that are compared with exact draws, the first ones. */
export const COMPARED_ITEMS = 5;
/** Observations that calibration looks at, the first ones, and draws of each, the first ones. */
export const CALIBRATED_ITEMS = 2000;
export const CALIBRATED_DRAWS = 1023;

/** One posterior as the measures take it. */
export interface QualityItem {
  readonly index: number;
  readonly runId: string;
  readonly observation: readonly number[];
  readonly truth: Readonly<Record<string, number>>;
  /** Independent draws, a column a parameter. */
  readonly parameters: readonly { readonly name: string; readonly values: Float64Array }[];
  /** Share of all draws that was thrown away for lying outside the prior; absent where none was. */
  readonly rejected?: number;
}

/** A measure of the run's draws, and the same of as many exact draws: what it comes to where nothing is wrong. */
export interface Controlled {
  readonly value: number;
  readonly control: number;
}

export interface ParameterShift {
  readonly name: string;
  /** (mean of the run − exact mean)/exact sd. */
  readonly meanShift: number;
  /** sd of the run/exact sd. */
  readonly sdRatio: number;
}

export interface ItemQuality {
  readonly index: number;
  readonly runId: string;
  /** Points on either side. */
  readonly points: number;
  /** Accuracy of sbibm's classifier: ½ where the samples cannot be told apart. */
  readonly c2st: Controlled;
  /** Unbiased MMD² with a Gaussian kernel as wide as the median distance; below 0 half of the time where nothing is wrong. */
  readonly mmd2: Controlled;
  /** Sliced W2, in units of the parameters. */
  readonly slicedW2: Controlled;
  /** Share of the network's samples that lay outside the prior, kept or not. */
  readonly outsidePrior: number;
  readonly parameters: readonly ParameterShift[];
  /** Standard error of a mean shift where nothing is wrong: √(1/draws + 1/exact draws). */
  readonly meanShiftError: number;
}

/** Means over the compared observations; of shifts and ratios the worst. */
export interface QualityMean {
  readonly c2st: Controlled;
  readonly mmd2: Controlled;
  readonly slicedW2: Controlled;
  readonly outsidePrior: number;
  /** Largest |mean shift| of all parameters and observations. */
  readonly largestMeanShift: number;
  /** The sd ratio farthest from 1, on a logarithmic scale. */
  readonly worstSdRatio: number;
}

export interface ParameterCalibration {
  readonly name: string;
  readonly sbc: {
    readonly n: number;
    readonly maxRank: number;
    readonly ranks: readonly number[];
    /** In equal bins. */
    readonly counts: readonly number[];
    readonly expectedCount: number;
    readonly ksStatistic: number;
    readonly ksPValue: number;
    /** Distribution function of the ranks minus that of uniform ones, after each rank. */
    readonly ecdfDifference: readonly number[];
    /** Half width of the 95 % band of its largest value. */
    readonly band: number;
    readonly withinBand: boolean;
  };
  readonly coverage: readonly {
    readonly level: number;
    readonly inside: number;
    readonly n: number;
    readonly observed: number;
    readonly error: number;
  }[];
}

export interface Calibration {
  /** Observations with truths from the prior. */
  readonly n: number;
  /** Draws of each. */
  readonly draws: number;
  readonly parameters: readonly ParameterCalibration[];
  readonly tarp: {
    readonly alpha: readonly number[];
    /** Expected coverage probability at each level. */
    readonly ecp: readonly number[];
    /** Jeffreys 95 % interval of each: [lower, upper]. */
    readonly band: readonly (readonly [number, number])[];
    readonly insideBand: number;
    /** Above 0 too wide, below 0 too narrow or shifted. */
    readonly atc: number;
    readonly ksStatistic: number;
    readonly ksPValue: number;
  };
}

/** What a precision costs and brings against the reference. */
export interface PrecisionCost {
  readonly precision: Precision;
  readonly samplesPerSecond: number;
  /** Over that of the reference. */
  readonly throughputRatio: number;
  readonly bytes: number;
  /** Of all GPU memory. */
  readonly bytesRatio: number;
  /** Of the buffers alone that differ in size, as the weights; 1 where none does. */
  readonly halvedRatio: number;
  /** Exact bytes of weights and activations; absent where there is no network. */
  readonly network?: NetworkMemory;
  /** Pairs of samples that began from the same noise. */
  readonly pairs: number;
  /** max |v16 − v32|/rms over those pairs, of each parameter's deviations from its mean; a sample near a watershed may end at another mode. */
  readonly largestDifference: number;
  /** The same at 99 % of the values. */
  readonly difference99: number;
  /**
   * max |v16 − v32|/rms of the mean velocities of those samples, which are end − start, and the start is the same: what rounding does to the
   * network itself. A posterior narrower than the prior magnifies it in `largestDifference`. Absent where draws have no such start.
   */
  readonly velocityDifference?: number;
  /** Of samples that share no noise; mean over the items. The control is the reference against itself. */
  readonly c2st: Controlled;
  /** Samples on either side. */
  readonly points: number;
}

/** A precision that was not compared. */
export interface LackingPrecision {
  readonly precision: Precision;
  readonly reason: string;
}

/** One configuration in every precision that the adapter has. */
export interface PrecisionComparison {
  readonly adapter: string;
  /** A software adapter: its times say nothing of a GPU's. */
  readonly software: boolean;
  /** The file that was loaded, e.g. the network, and "sha256:…" of its bytes. */
  readonly file?: { readonly name: string; readonly sha256: string };
  /** Names of the items. */
  readonly items: readonly string[];
  /** Draws in a run of one precision, over all items. */
  readonly samples: number;
  readonly repeats: number;
  readonly seconds: number;
  /** The first is f32, the reference. */
  readonly costs: readonly PrecisionCost[];
  readonly lacking: readonly LackingPrecision[];
}

export interface RunQuality {
  readonly size: QualitySize;
  /** Observations of the run that have a posterior. */
  readonly items: number;
  /** Those that were compared. */
  readonly compared: readonly ItemQuality[];
  /** Observations whose exact posterior could not be drawn, or compared, and why. */
  readonly failed: readonly { readonly index: number; readonly runId: string; readonly reason: string }[];
  /** Null where nothing was compared. */
  readonly mean: QualityMean | null;
  /** Null unless truths come from the prior, of at least `FEWEST_CALIBRATED` observations. */
  readonly calibration: Calibration | null;
  /** The same in every precision of the adapter; absent where that was not asked. */
  readonly precisions?: PrecisionComparison;
}

/** Fewer ranks than these show nothing. */
export const FEWEST_CALIBRATED = 20;

export interface QualityProgress {
  /** What is being done, in words: "gaussian_own-1: C2ST". */
  readonly what: string;
  /** 0 to 1. */
  readonly fraction: number;
  /** Told once, when it is there. */
  readonly done?: ItemQuality;
}
