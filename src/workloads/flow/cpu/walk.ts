/** Samples that advance together on the CPU, whatever computes their velocity. */
import type { SampleGroup } from '../sampling/sampler.ts';

export interface Walk {
  /** True when all its samples are at the end. */
  readonly done: boolean;
  /** Evaluations of the network, of each sample, and of all. */
  readonly evaluations: readonly number[];
  readonly allEvaluations: number;
  /** True for each sample at the end: an adaptive solver may run out of attempts before. */
  readonly arrived: readonly boolean[];
  /** Where they are, in the units of the parameters, [sample][parameter]. */
  readonly positions: Float64Array;
  /** One step, or one attempt at it, of those that are not at the end. */
  advance(): Promise<void> | void;
}

/** What makes the walks of a round. */
export interface Walker {
  /**
   * The samples of the groups, four each, in their order; every walk takes as many as suit it.
   * @param contexts standardised observations by the groups' rows
   */
  begin(groups: readonly SampleGroup[], contexts: readonly Float32Array[]): Walk[];
  /** Frees what it holds. Safe to call twice. */
  close(): void;
}
