/** What the flow's own views hold beside the page's store. Only the actions of this folder write it. */
import { create } from 'zustand';
import type { Precision } from '../../workload.ts';
import type { ExactReply, PathsReply } from '../jobs/look-types.ts';
import type { Solver } from '../sampling/solvers.ts';

/** Samples held against as many exact draws: what a number of evaluations bought. */
export interface CostPoint {
  readonly id: number;
  /** What was inferred from: points of others are not compared. */
  readonly problem: string;
  readonly source: 'run' | 'measurement';
  readonly solver: Solver;
  readonly steps: number;
  /** Evaluations of the network a sample; the mean where each takes its own. */
  readonly evaluations: number;
  readonly precision: Precision;
  /** Samples on either side. */
  readonly samples: number;
  readonly c2st: number;
  /** Of a second exact draw. */
  readonly selfControl: number;
  /** Sliced W2 to the exact draws, in the units of the parameters. */
  readonly distance: number;
  /** Of a second exact draw, as many. */
  readonly distanceControl: number;
  readonly samplesPerSecond: number;
}

/** Particles after every step, and what they belong to. */
export interface Film extends PathsReply {
  readonly key: string;
  /** Nobody has asked for it: it is what a first visit shows. */
  readonly unasked: boolean;
}

interface FlowStore {
  /** Observation that is looked at: its index in the run. */
  readonly item: number;
  readonly exact: (ExactReply & { readonly key: string }) | undefined;
  readonly film: Film | undefined;
  readonly filming: boolean;
  /** Why there is nothing to see, in words. */
  readonly problem: string | undefined;
  readonly points: readonly CostPoint[];
  /** Which of how many is being measured. */
  readonly measuring: { readonly done: number; readonly total: number } | undefined;
  /** Why there is no point, and for which problem. */
  readonly measureProblem: { readonly problem: string; readonly words: string } | undefined;
}

export const useFlow = create<FlowStore>()(() => ({
  item: 0,
  exact: undefined,
  film: undefined,
  filming: false,
  problem: undefined,
  points: [],
  measuring: undefined,
  measureProblem: undefined,
}));
