/** What ends a whole run, and not only a chunk of it. */
import type { ErrorReport } from './progress.ts';

export class RunStop extends Error {
  override readonly name: string;
  /** What to do, in words for the user. */
  readonly todo: string | undefined;
  constructor({ name, message, todo }: ErrorReport) {
    super(message);
    this.name = name;
    this.todo = todo;
  }
}
