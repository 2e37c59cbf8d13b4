/**
 * What a run is: one schema for the form, the URL, the command line, `run.json` and the tests.
 * A `RunConfig` in hand is complete and valid: every parameter of the workload's table has its value.
 */
import type { ParamValues } from '../workloads/params.ts';
import type { Precision } from '../workloads/workload.ts';

export interface RunConfig {
  /** Id of the experiment, e.g. "shear". */
  readonly workload: string;
  /** Id of the preset that the parameters started from. */
  readonly preset: string;
  /** Base seed, 0 … 2³² − 1. */
  readonly seed: number;
  readonly precision: Precision;
  readonly batch: BatchConfig;
  /** Every parameter of the workload's table: defaults, then the preset's values, then the user's. */
  readonly params: ParamValues;
}

export interface BatchConfig {
  /** Items in a chunk, or "auto": the largest the memory budget and the adapter allow. */
  readonly size: number | 'auto';
  /** GPU memory that a chunk's buffers may take together, MiB. */
  readonly memoryBudgetMiB: number;
}
