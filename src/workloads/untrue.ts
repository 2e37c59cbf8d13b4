/** How true values of the user's that cannot be true are refused, whoever's they are. */
import { ConfigError } from './workload.ts';

/** A value of the table that cannot be true. @param what what was found, and what is allowed, as two ends of a sentence */
export function untrue(
  table: string,
  { one, index, column }: { readonly one: string; readonly index: number; readonly column: string },
  what: { readonly found: string; readonly allowed: string },
): ConfigError {
  return new ConfigError(
    'truth',
    `${table}: the row of ${one} ${index} (counted from 0), column ${column}: ${what.found}; ${what.allowed}. Leave a cell empty where the value is not known.`,
  );
}
