/** What a run tells while it goes on. Plain data, structured-cloneable: the worker posts it as it is. */

import type { FileChoices } from '../../bundle/own-file.ts';
import type { ItemInfo } from '../../results/item.ts';
import type { RunResults } from '../../results/kind.ts';
import type { RunMode } from '../run-mode.ts';
import type { MemoryUse } from './memory-use.ts';

/** Items of a chunk that a list offers to watch: longer ones help nobody. */
export const WATCHABLE = 64;

export type RunState = 'preparing' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed';

export interface RunProgress {
  readonly state: RunState;
  readonly phase: 'compile' | 'fit' | 'warmup' | 'sample' | 'collect' | 'idle';
  readonly mode: RunMode;
  /** 0 in the first pass over all items; 1 or 2 while posteriors that failed are sampled again. */
  readonly rescue: number;
  /** Name of the stage in hand; absent where the run has only one. */
  readonly stage?: string;
  /**
   * 0-based index of the chunk in flight, how many the stage has, items in this one, and the first of them by index. Once no chunk of the
   * stage is left: the last of all chunks, and how many there were in all stages.
   */
  readonly chunk: {
    readonly index: number;
    readonly count: number;
    readonly size: number;
    readonly watchable: readonly number[];
  };
  readonly items: { readonly done: number; readonly failed: number; readonly total: number };
  /** Transitions of the chunk in flight, warm-up included. */
  readonly transitions: { readonly done: number; readonly total: number };
  /** 0 … 1 over the whole run. */
  readonly fraction: number;
  /** Milliseconds since the start, pauses left out. */
  readonly elapsedMs: number;
  /** Estimated milliseconds left; null until there is something to estimate from. */
  readonly etaMs: number | null;
  /** Over the last seconds while running, over the whole run (compiling left out) once it is over; a chunk in flight counts by its share. */
  readonly itemsPerSecond: number;
  readonly gradientsPerSecond: number;
  /** Gradients evaluated so far. */
  readonly gradients: number;
  /** What finished items are worth, summed, per second (of posteriors: smallest bulk ESS); null until one has finished, and for kinds that count nothing. */
  readonly essPerSecond: number | null;
  /** Milliseconds the device was busy, and how that was measured. */
  readonly busyMs: number;
  readonly clock: 'gpu-timestamp' | 'wall';
  readonly memory: MemoryUse;
  /** What limits the speed: "gpu" when the device is busy most of the run's time, "cpu" when it mostly waits, "unknown" between and in short runs. */
  readonly bound: 'gpu' | 'cpu' | 'unknown';
}

/** An item that has no result, and why. */
export interface FailedItem {
  readonly info: ItemInfo;
  readonly error: string;
  readonly reason: string;
}

/** An error as it crosses a thread: what happened, what was kept, what to do. */
export interface ErrorReport {
  /** Class name, e.g. "ConfigError". */
  readonly name: string;
  readonly message: string;
  /** Path of the configuration field at fault. */
  readonly field?: string;
  /** What is still there, in words. */
  readonly kept?: string;
  /** What to do next, in words. */
  readonly todo?: string;
  /** What about a file has to be chosen so that it can be read. */
  readonly choices?: FileChoices;
}

/** How a run ended. */
export interface RunOutcome {
  readonly state: 'finished' | 'stopped' | 'failed';
  readonly progress: RunProgress;
  readonly failed: readonly FailedItem[];
  /** What the finished items come to together; absent where their kind says nothing of it. */
  readonly results?: RunResults;
  /** Present when the whole run failed (a lost device, out of memory at the smallest chunk …). */
  readonly error?: ErrorReport;
}
