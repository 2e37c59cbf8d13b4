/** What page and worker say to each other about runs that were cut short. Plain data. */
import type { RunConfig } from '../../engine/config/run-config.ts';
import type { FileReply } from '../file-reply.ts';
import type { RunReply } from '../run-reply.ts';

/** A run that was cut short by a reload, a closed tab or a lost device. */
export interface ResumableRun {
  /** Name of its folder. */
  readonly id: string;
  /** Experiment, preset and seed in words; for one whose head is damaged, when it began. */
  readonly title: string;
  /** What the experiment calls its items. */
  readonly many: string;
  readonly items: number;
  /** Items with a result. */
  readonly done: number;
  /** When the last chunk was written, or the run began; milliseconds since 1970. */
  readonly lastAt: number;
  /** What it takes in the browser's storage. */
  readonly bytes: number;
  /** Why it cannot go on here bit for bit, in words. What it has finished can still be kept. */
  readonly objection?: string;
  /** The browser cannot tell whether another tab still runs it. */
  readonly unsure?: true;
}

/** Answer to `resumeRun`. */
export interface ResumeReply {
  readonly config: RunConfig;
  readonly run: RunReply;
  /** The user's own files, read again. */
  readonly files: readonly FileReply[];
}
