/** Columns that summary.csv alone has. */
import type { ResultColumn, ResultSummary } from './kind.ts';

export function fileColumn<S extends ResultSummary>(
  key: string,
  value: (summary: S) => string | number | undefined,
): ResultColumn<S> {
  return { key, title: key, text: (summary) => String(value(summary) ?? ''), value };
}

/** Words that pandas reads as booleans. */
export const yesNo = (yes: boolean) => (yes ? 'True' : 'False');
