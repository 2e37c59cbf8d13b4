/** What tables of samplers and of precisions hold. Plain data: it goes to workers and pages as it is. */

import type { Precision } from '../../workload.ts';
import type { CellMetricId } from '../metrics/definitions.ts';
import type { Value } from '../metrics/types.ts';
import type { CellsParams } from '../params.ts';

/** The metrics of such tables, in their order; what each means is in `metrics/definitions.ts`. */
export const TABLE_METRICS = [
  'corr_mse',
  'corr_slope',
  'sliced_w2',
  'frechet',
  'mean_pearson',
] as const satisfies readonly CellMetricId[];
export type TableMetric = (typeof TABLE_METRICS)[number];

/** Of some cells against as many held-out ones. */
export type Quality = Readonly<Record<TableMetric, Value>>;

/** What stands beside every row: training cells in the place of drawn ones, and genes drawn each for itself. */
export interface Beside {
  readonly floor: Quality;
  readonly independent: Quality;
}

/** What computed, and what. */
export interface TableHead {
  /** Cells of every row, and of its other side. */
  readonly cells: number;
  readonly genes: number;
  readonly seed: number;
  /** "Network regulatory.safetensors", "Mixture". */
  readonly predictor: string;
  /** The adapter, or what computes without one. */
  readonly on: string;
}

/** What is tried unless something else is asked for. */
export const LADDER = { steps: [1, 4, 16, 64], rules: ['tweedie', 'balanced', 'origin'] } as const;

/** One rule with so many steps. */
export interface StepsPoint {
  readonly rule: CellsParams['rule'];
  readonly schedule: CellsParams['schedule'];
  readonly steps: number;
  /** Of the predictor a cell: steps in which the cell reveals something, in the mean. */
  readonly calls: number;
  /** That all cells took; compiling is left out. */
  readonly seconds: number;
  readonly quality: Quality;
}

export interface StepsTable extends TableHead, Beside {
  readonly precision: string;
  readonly points: readonly StepsPoint[];
  /** It was stopped before all points were there. */
  readonly stopped: boolean;
}

/** Logits of masked genes against those in f32. */
export interface LogitsAgreement {
  /** Masked genes that were predicted. */
  readonly rows: number;
  /** Largest |difference| over the root mean square of the logits in f32. */
  readonly maxOverRms: number;
  /** Mean of KL(f32 ‖ this), nats. */
  readonly kl: number;
  /** Share of rows with another most probable token. */
  readonly argmaxDiffers: number;
  /** Share of tokens that differ when all these genes are drawn in one step with the same random numbers. */
  readonly flips: number;
}

export interface PrecisionBytes {
  readonly weights: number;
  readonly activations: number;
  /** Everything else of a chunk: tokens, lists, logits, staging. */
  readonly others: number;
}

export interface PrecisionRow {
  readonly precision: Precision;
  /** That all cells took; compiling is left out. */
  readonly seconds: number;
  readonly cellsPerSecond: number;
  readonly bytes: PrecisionBytes;
  readonly logits: LogitsAgreement;
  /** Share of tokens that differ from those in f32 after all steps with the same random numbers: one flip spreads. */
  readonly tokensDiffer: number;
  readonly quality: Quality;
}

export interface PrecisionTable extends TableHead, Beside {
  readonly rule: CellsParams['rule'];
  readonly steps: number;
  /** Cells together, which bytes are of. */
  readonly chunk: number;
  /** In f32 again, with other seeds: what chance alone changes. */
  readonly again: Quality | undefined;
  /** f32 first. */
  readonly rows: readonly PrecisionRow[];
  /** Those that the adapter does not have, and why. */
  readonly lacking: readonly { readonly precision: Precision; readonly reason: string }[];
  /** What the numbers say of twice the speed, half the memory and equal accuracy, a sentence a precision. */
  readonly claims: readonly string[];
  readonly stopped: boolean;
}
