/** Errors of a run, as plain data too: they cross threads and end up in `failures.json`. */
import type { FileError } from '../bundle/file-error.ts';
import type { ErrorReport } from './run/progress.ts';

/** What happened, what was kept, what to do, from whatever was thrown. */
export function describeError(thrown: unknown): ErrorReport {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) };
  const own = thrown as Error & Partial<Record<'field' | 'kept' | 'todo', unknown>>;
  return {
    name: thrown.name,
    message: thrown.message,
    field: text(own.field),
    kept: text(own.kept),
    todo: text(own.todo),
    choices: (thrown as Partial<FileError>).choices,
  };
}

/** A plan does not fit, as was known before anything was taken. */
export class NoRoomError extends Error {
  override readonly name = 'OutOfMemoryError';
}

/** What ends a whole run, and not only a chunk of it. */
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

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
