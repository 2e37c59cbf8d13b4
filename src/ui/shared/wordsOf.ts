import { EngineError } from '../../worker/client.ts';

/** What went wrong, and what to do about it, in words. */
export function wordsOf(error: unknown): string {
  if (error instanceof EngineError) return [error.message, error.report.todo].filter(Boolean).join(' ');
  return error instanceof Error ? error.message : String(error);
}
