/** In which settings two runs differ. */
import type { RunConfig } from './run-config.ts';

/** A setting that two configurations do not share. */
export interface ConfigDifference {
  readonly field: string;
  readonly a: string;
  readonly b: string;
}

/** Settings in which two configurations differ, in the schema's order. */
export function configDifferences(a: RunConfig, b: RunConfig): ConfigDifference[] {
  const flat = ({ params, batch, ...rest }: RunConfig): Record<string, unknown> => ({
    ...rest,
    batchSize: batch.size,
    memoryBudgetMiB: batch.memoryBudgetMiB,
    ...params,
  });
  const [left, right] = [flat(a), flat(b)];
  const text = (value: unknown) =>
    value === undefined ? '–' : Array.isArray(value) ? value.join(', ') : String(value);
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .map((field) => ({ field, a: text(left[field]), b: text(right[field]) }))
    .filter((row) => row.a !== row.b);
}
