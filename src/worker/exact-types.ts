/** The job `exact`, which an experiment has whose posteriors are known: views of any posterior hold its draws against theirs. */
import type { RunConfig } from '../engine/config/run-config.ts';

export interface ExactWish {
  readonly config: RunConfig;
  /** Index of the item in the run. */
  readonly item: number;
  /** Draws of its exact posterior. */
  readonly samples: number;
}

export interface ExactDraws {
  /** Name of the item, as in tables and files. */
  readonly runId: string;
  /** Names of the parameters. */
  readonly parameters: readonly string[];
  /** Independent draws [samples][parameter]; undefined where the exact posterior cannot be drawn. */
  readonly draws: Float64Array | undefined;
}

export interface ExactJob {
  readonly wish: ExactWish;
  readonly reply: ExactDraws;
  readonly event: never;
  readonly messages: Record<never, never>;
}
