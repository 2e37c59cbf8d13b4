/** What the page asks about one observation beside a run: its exact posterior, and particles on their way along the flow. */
import type { RunConfig } from '../../engine/run-config.ts';
import type { Prior } from '../../workloads/flow/tasks/prior.ts';

/** One observation of a configuration. */
export interface LookWish {
  readonly config: RunConfig;
  /** Index of the observation in the run. */
  readonly item: number;
}

export interface ExactWish extends LookWish {
  /** Draws of the exact posterior. */
  readonly samples: number;
}

/** Answer to `exact`. */
export interface ExactReply {
  /** Name of the observation, as in tables and files. */
  readonly runId: string;
  /** Names of all observations of the configuration, the first `MOST_NAMES` of them. */
  readonly names: readonly string[];
  /** Names of the parameters. */
  readonly parameters: readonly string[];
  readonly prior: Prior;
  /** The data as they were measured. */
  readonly x: readonly number[];
  /** By parameter; empty where it is not known. */
  readonly truth: Readonly<Record<string, number>>;
  /** Independent draws [samples][parameter]; undefined where the exact posterior cannot be drawn. */
  readonly draws: Float64Array | undefined;
  /** Why there are no draws, in words. */
  readonly reason?: string;
}

export interface PathsWish extends LookWish {
  /** Samples that are followed; the CPU takes fewer. */
  readonly particles: number;
  /** Only where they end, as a sampler is asked for: without looks on the way it is as fast as a run. */
  readonly endsOnly?: boolean;
}

/** Answer to `paths`: the first samples that a run of the configuration draws, seen after every step. */
export interface PathsReply {
  readonly item: number;
  readonly dimension: number;
  readonly particles: number;
  /** Time of each frame, from 0 (noise) or the first step to 1. */
  readonly times: readonly number[];
  /** [frame][particle][parameter] in the units of the parameters; not a number where a sample has not come to its end. */
  readonly positions: Float32Array;
  /** Evaluations of the network a sample; the mean where each takes its own. */
  readonly evaluations: number;
  /** Time the samples took, compiling and looks left out; undefined where looks are in between. */
  readonly samplingMs: number | undefined;
  readonly on: 'gpu' | 'cpu';
}
