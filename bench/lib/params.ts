/** Parameters as the page starts with them. */
import type { ParamSpec, ParamValues } from '../../src/workloads/params.ts';

/** Every default of a parameter table. */
export function defaultsOf(table: readonly ParamSpec[]): ParamValues {
  return Object.fromEntries(table.map((param) => [param.key, param.default]));
}
