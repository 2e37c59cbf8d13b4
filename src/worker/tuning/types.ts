/** The tuner as the page asks for it and hears of it. */
import type { RunConfig } from '../../engine/config/run-config.ts';
import type { Beyond } from '../../engine/tuner/setting.ts';
import type { TuneEvent, TuningResult } from '../../engine/tuner/types.ts';

export interface TuneWish {
  readonly config: RunConfig;
  /** Batches beyond the run's own items are measured as well, for their speed alone. */
  readonly beyond?: Beyond;
}

export interface TuneReply {
  /** One a precision. */
  readonly results: readonly TuningResult[];
  /** Why the results last only until the page is closed, in words; absent when they are kept. */
  readonly notKept?: string;
}

/**
 * The job `tuning`: measures which batch size suits this adapter, and remembers it for batch size "auto". Stopped, it rejects with
 * `TuningCancelledError`, its memory free within about a second.
 */
export interface TuningTypes {
  readonly wish: TuneWish;
  readonly reply: TuneReply;
  /** A trial, or what it begins now. */
  readonly event: TuneEvent;
  readonly messages: Record<never, never>;
}
