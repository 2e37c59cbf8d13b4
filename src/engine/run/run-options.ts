/** What a run is given, what it tells, and what it writes down about itself. */

import type { GpuContext } from '../../gpu/context.ts';
import type { FaultPlan } from '../../gpu/faults.ts';
import type { ResultSummary, StoredResult } from '../../results/kind.ts';
import type { Peek, SavedItem } from '../../workloads/workload.ts';
import type { RunPlan } from '../plan/plan-run.ts';
import type { SelfTestReport } from '../self-test/report.ts';
import type { RunEvent } from './events.ts';
import type { ErrorReport, FailedItem, RunProgress } from './progress.ts';

/** What a run tells. Every callback is optional; `peek` costs a readback, so it is asked for only when listened to. */
export interface RunListener {
  progress?(progress: RunProgress): void;
  /** An item has a result, a resumed one too; told again, with more attempts, when it was sampled again. */
  itemDone?(summary: ResultSummary): void;
  /** The results of these items in the store are new, or count another attempt: what a checkpoint writes. Told after each chunk. */
  chunkDone?(items: readonly number[]): void;
  /** What of the chunk in flight a run that goes on from here begins with (`RunOptions.saved`): in the place of what was told before. */
  saved?(items: readonly SavedItem[]): void;
  /** `items` have no result. Where a rescue failed its items keep their earlier ones, and an event says so. */
  chunkFailed?(items: readonly FailedItem[], error: ErrorReport): void;
  /** A split, a loss, a retry: also in `RunController.events`. */
  event?(event: RunEvent): void;
  peek?(peek: Peek): void;
}

/** A result from a checkpoint. It is kept as it is and not sampled again but for the rescues it has not had. */
export interface FinishedItem {
  readonly stored: StoredResult;
  /** Passes it has been through: `ResultSummary.attempts`. */
  readonly attempts: number;
}

export interface RunOptions {
  readonly plan: RunPlan;
  /** The open device; null computes on the CPU. */
  readonly gpu: GpuContext | null;
  /** Faults on demand that it runs with, for run.json. */
  readonly faults?: FaultPlan;
  /** How that device did in its self-test, for environment.json. */
  readonly selfTest?: SelfTestReport;
  readonly listener: RunListener;
  /** Opens a device after the first was lost. Without it a loss ends the run. */
  readonly reopen?: () => Promise<GpuContext>;
  /** Results of an earlier run of the same configuration: this one does what that one would have done next. */
  readonly finished?: readonly FinishedItem[];
  /** What an earlier run of the same configuration has saved of items that it had under way. */
  readonly saved?: readonly SavedItem[];
  /** Indices of the items to run; all without it. */
  readonly only?: readonly number[];
  /** Starts held before the first step. */
  readonly paused?: boolean;
  /** Milliseconds; monotone. */
  readonly now?: () => number;
}

/** How a chunk went, for timing.csv. */
export interface ChunkTiming {
  /** 0 for the first pass, then the number of the rescue. */
  readonly rescue: number;
  /** Name of the stage; absent where the run has only one. */
  readonly stage?: string;
  readonly chunk: number;
  readonly items: number;
  /** Items with a result. */
  readonly finished: number;
  /** Milliseconds from start to collected, pauses left out. */
  readonly wallMs: number;
  readonly busyMs: number;
  readonly clock: 'gpu-timestamp' | 'wall';
  /** Units of work. */
  readonly work: number;
}
