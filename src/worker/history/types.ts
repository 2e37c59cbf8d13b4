/** What the page and the worker say to each other about runs that are kept in the browser. Plain data. */

import type { RunConfig } from '../../engine/config/run-config.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import type { ErrorReport, FailedItem, RunOutcome } from '../../engine/run/progress.ts';
import type { ResultSummary } from '../../results/kind.ts';
import type { RunReply } from '../run-reply.ts';

/** One kept run as the list shows it. */
export interface HistoryEntry {
  /** Name of its folder: time and four random characters. */
  readonly id: string;
  /** Experiment, preset and seed in words. */
  readonly title: string;
  /** When it started, ISO 8601. */
  readonly startedAt: string;
  readonly state: RunOutcome['state'];
  readonly items: number;
  readonly converged: number;
  readonly bytes: number;
}

export interface HistoryList {
  /** Why nothing can be kept, in words; absent where it can. */
  readonly unavailable?: string;
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  readonly bytes: number;
  readonly maxRuns: number;
  readonly maxBytes: number;
}

/** All of a kept run but its draws, which are read item by item. */
export interface KeptRun {
  readonly entry: HistoryEntry;
  readonly config: RunConfig;
  readonly run: RunReply;
  readonly outcome: RunOutcome;
  readonly summaries: readonly ResultSummary[];
  readonly failed: readonly FailedItem[];
  /** Splits, losses, retries; absent in runs that an earlier version kept. */
  readonly events?: readonly RunEvent[];
}

/** Sent when the list has changed by itself: a run was kept, or could not be. */
export interface HistoryEvent {
  readonly type: 'history';
  readonly list: HistoryList;
  /** Id of the run that was kept. */
  readonly kept?: string;
  readonly problem?: ErrorReport;
}
