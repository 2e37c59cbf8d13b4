/** Errors as plain data: they cross threads and end up in `failures.json`. */
import type { ErrorReport } from './progress.ts';

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
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
