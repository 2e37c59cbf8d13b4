import type { FileChoices, OwnFile } from '../bundle/own-file.ts';

/** Answer to `loadFile` and `JobSetting.takeFile`: what a file was found to be. */
export interface FileReply extends OwnFile {
  /** One of the experiment's. */
  readonly role: string;
  /** What was read, in words: "64 rows", and behind semicolons how. */
  readonly what: string;
  readonly count: number;
  /** Options of the role that make a difference to this file, with what they may be. */
  readonly choices?: FileChoices;
  /** What the experiment's view of it shows (`FileRole.preview`). */
  readonly preview?: unknown;
}
