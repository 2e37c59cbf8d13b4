/** What the page asks about one observation beside a run: its exact posterior, and particles on their way along the flow. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { ExactDraws, ExactJob } from '../../../worker/exact-types.ts';
import type { Prior } from '../tasks/prior.ts';

/** Answer of the job `exact`. */
export interface ExactReply extends ExactDraws {
  /** Names of all observations of the configuration, the first `MOST_NAMES` of them. */
  readonly names: readonly string[];
  readonly prior: Prior;
  /** The data as they were measured. */
  readonly x: readonly number[];
  /** By parameter; empty where it is not known. */
  readonly truth: Readonly<Record<string, number>>;
  /** Why there are no draws, in words. */
  readonly reason?: string;
}

export interface PathsWish {
  readonly config: RunConfig;
  /** Index of the observation in the run. */
  readonly item: number;
  /** Samples that are followed; the CPU takes fewer. */
  readonly particles: number;
  /** Only where they end, as a sampler is asked for: without looks on the way it is as fast as a run. */
  readonly endsOnly?: boolean;
}

/** Answer of the job `paths`: the first samples that a run of the configuration draws, seen after every step. */
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

/** Two jobs of flow as the page sees them; neither tells of anything or can be told anything. */
export interface ExactTypes extends ExactJob {
  readonly reply: ExactReply;
}
export interface PathsTypes {
  readonly wish: PathsWish;
  readonly reply: PathsReply;
  readonly event: never;
  readonly messages: Record<never, never>;
}
