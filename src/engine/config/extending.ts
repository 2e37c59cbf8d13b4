/**
 * Runs that add items to a finished one: their configurations differ in parameters that only list what there is to compute, such as metrics
 * (`ParamSpec.extends`), and in what no result depends on.
 */
import type { BatchEntry } from '../../batch/entry.ts';
import type { ParamValues } from '../../workloads/params.ts';
import { sizesOf } from '../../workloads/sizes-of.ts';
import type { Experiment } from '../../workloads/workload.ts';
import type { BatchConfig, RunConfig } from './run-config.ts';

type Described = Pick<Experiment, 'id' | 'params'>;

/** Kinds of sizes that may move a bit of a result. */
const MOVES_BITS: readonly BatchEntry['kind'][] = ['tile', 'statistical'];

/** Parameters without those that only list items: what an item's result hangs on. */
export function fixedParams({ params }: Described, values: ParamValues): ParamValues {
  const lists = new Set(params.filter((spec) => spec.extends).map(({ key }) => key));
  return Object.fromEntries(Object.entries(values).filter(([key]) => !lists.has(key)));
}

/** The first setting that keeps one from taking over results of the other, as a path in the configuration; undefined where none does. */
export function keepsApart(experiment: Described, then: RunConfig, now: RunConfig): string | undefined {
  for (const field of ['workload', 'seed', 'precision'] as const) if (then[field] !== now[field]) return field;
  const [before, after] = [then, now].map(({ params }) => fixedParams(experiment, params));
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) return `params.${key}`;
  const entry = sizesOf(experiment.id).find(
    (size) => MOVES_BITS.includes(size.kind) && sizeIn(size, then.batch) !== sizeIn(size, now.batch),
  );
  return entry && `batch.sizes.${entry.key}`;
}

/** Whether a run of `now` adds to a finished one of `then`: what it lists is another, and nothing else. */
export function adds(experiment: Described, then: RunConfig, now: RunConfig): boolean {
  if (keepsApart(experiment, then, now) !== undefined) return false;
  return experiment.params.some(
    ({ key, ...spec }) => spec.extends && JSON.stringify(then.params[key]) !== JSON.stringify(now.params[key]),
  );
}

/** The value of an entry, or by whose it is: "auto" is one class on one adapter. */
function sizeIn(
  { key, presets }: ReturnType<typeof sizesOf>[number],
  { sizes, memoryClass }: BatchConfig,
): number | string {
  return sizes[key] ?? (presets ? memoryClass : '');
}
