/** What trainings of any experiment say as jobs, and what all of them can be told. */
import type { ErrorReport } from '../../engine/run/progress.ts';
import type { TrainingReport } from '../../nn/training/loop.ts';
import type { FileReply } from '../file-reply.ts';
import type { JobTypes } from '../jobs.ts';

/** Answer to `save`. */
export interface SavedNetwork {
  /** File name: what was trained, and its steps, as in `name-4000.safetensors`. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface TrainingProgress {
  readonly type: 'progress';
  readonly report: TrainingReport;
}

/** It is over: done, stopped, or failed with an error; the network so far can be used and saved. */
export interface TrainingEnded {
  readonly type: 'ended';
  readonly report: TrainingReport;
  readonly error?: ErrorReport;
}

/** A type, so that it may stand for functions by name. */
export type TrainingMessages = {
  pause(paused: boolean): void;
  /** The network trained last, or so far, as a file. */
  save(): Promise<SavedNetwork>;
  /** Runs take the network trained last from now on, in the place of the one that ships, until the user's network is cleared. */
  use(): Promise<FileReply>;
};

/** A job `training`. It replies when the first steps are done; stopped, it ends with the network so far. */
export interface TrainingJobTypes extends JobTypes {
  readonly event: { readonly type: string };
  readonly messages: TrainingMessages;
}
