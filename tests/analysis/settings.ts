/** Settings of metrics for tests, and a run of one from its beginning or from what was saved. */
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

type Given = Pick<MetricSetting, 'graph' | 'theta' | 'items'> &
  Partial<Omit<MetricSetting, 'sizes'>> & { readonly sizes?: Partial<StatisticalSizes> };

/** Small sizes; what is given stands over them. */
export function settingOf(given: Given): MetricSetting {
  return {
    rows: 4,
    seed: 7,
    rule: 'gauss',
    baseline: 'pad',
    padId: 0,
    bosId: 1,
    target: { kind: 'logit' },
    span: 1,
    plane: 'random',
    rho: 0.05,
    noise: 3,
    path: [],
    origin: true,
    ...given,
    sizes: {
      inductionTexts: 2,
      pathSteps: 3,
      conductanceSteps: 4,
      deletionOrders: 2,
      jacobianProbes: 2,
      singularSteps: 3,
      fisherDraws: 2,
      eigenvalues: 2,
      lanczosSteps: 4,
      blockSteps: 4,
      traceProbes: 2,
      landscapeGrid: 3,
      traceDraws: 2,
      permutations: 5,
      resamples: 20,
      ...given.sizes,
    },
  };
}

export const textsOf = (ids: readonly ArrayLike<number>[]): AnalysedItem[] =>
  ids.map((own, i) => ({ name: `text ${i}`, ids: Array.from(own) }));

export interface Ran {
  readonly outcome: MetricOutcome;
  /** Units of work that were told last. */
  readonly done: number;
  readonly pieces: number;
}

/** @param stopAfter pieces after which the run is broken off and begun again from what was saved */
export async function runMetric(
  metric: Metric,
  setting: MetricSetting,
  { machines = twinMachines, stopAfter }: { machines?: Machines; stopAfter?: number } = {},
): Promise<Ran> {
  const objection = metric.objection(setting);
  if (objection) throw new Error(objection);
  let saved: JsonValue | undefined;
  if (stopAfter !== undefined) {
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
  let [done, pieces] = [0, 0];
  for (;;) {
    const step = await run.next();
    if (step.done) {
      machine.close();
      return { outcome: step.value, done, pieces };
    }
    done = step.value.done;
    pieces++;
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
