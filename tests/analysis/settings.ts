/** Settings of metrics from a few texts, and runs of which it is counted what they did. */
import type { JsonValue } from '../../src/bundle/json.ts';
import type { Machines } from '../../src/nn/graph/machine.ts';
import { twinMachines } from '../../src/nn/graph/twin/machine.ts';
import type {
  AnalysedItem,
  Metric,
  MetricOutcome,
  MetricSetting,
  StatisticalSizes,
} from '../../src/workloads/analysis/metrics/metric.ts';
import { SIZES, settingOf } from './run-metric.ts';

export type Given = Pick<MetricSetting, 'graph' | 'theta' | 'items'> &
  Partial<Omit<MetricSetting, 'sizes'>> & { readonly sizes?: Partial<StatisticalSizes> };

/** Small sizes and a tokenizer that has a BOS; what is given stands over them. */
export function settingFrom({ graph, theta, items, sizes, ...given }: Given): MetricSetting {
  const small = { ...SIZES, pathSteps: 3, deletionOrders: 2, jacobianProbes: 2, singularSteps: 3 };
  return settingOf(graph, theta, items, { rows: 4, bosId: 1, ...given, sizes: { ...small, ...sizes } });
}

export const textsOf = (ids: readonly ArrayLike<number>[]): AnalysedItem[] =>
  ids.map((own, i) => ({ name: `text ${i}`, ids: Array.from(own) }));

export interface Counted {
  readonly outcome: MetricOutcome;
  /** Units of work that were told last. */
  readonly done: number;
  readonly pieces: number;
}

/** @param stopAfter pieces after which the run is broken off and begun again from what was saved */
export async function countedRun(
  metric: Metric,
  setting: MetricSetting,
  { machines = twinMachines, stopAfter = 0 }: { machines?: Machines; stopAfter?: number } = {},
): Promise<Counted> {
  const objection = metric.objection(setting);
  if (objection) throw new Error(objection);
  let saved: JsonValue | undefined;
  if (stopAfter > 0) {
    const machine = await machines.open(metric.machine(setting), setting.theta);
    const run = metric.run({ setting, machine });
    for (let i = 0; i < stopAfter; i++) {
      const step = await run.next();
      if (step.done) break;
      if (step.value.saved) saved = JSON.parse(JSON.stringify(await step.value.saved()));
    }
    machine.close();
  }
  const machine = await machines.open(metric.machine(setting), setting.theta);
  const run = metric.run({ setting, machine, ...(saved !== undefined && { saved }) });
  for (let [done, pieces] = [0, 0]; ; pieces++) {
    const step = await run.next();
    if (step.done) {
      machine.close();
      return { outcome: step.value, done, pieces };
    }
    done = step.value.done;
  }
}

/** The outcome of a run from its beginning. */
export async function finish<T>(run: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value;
  }
}

/** An array of an outcome by its name. */
export function arrayOf({ arrays }: MetricOutcome, name: string) {
  const found = arrays.find((array) => array.name === name);
  if (!found) throw new Error(`there is no array ${name}`);
  return found;
}
