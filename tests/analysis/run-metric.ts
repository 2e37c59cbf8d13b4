/** Runs a metric over a machine as a run does, whole or in two halves. */
import type { JsonValue } from '../../src/bundle/json.ts';
import type { Graph } from '../../src/nn/graph/graph.ts';
import type { Machines } from '../../src/nn/graph/machine.ts';
import { twinMachines } from '../../src/nn/graph/twin/machine.ts';
import type {
  AnalysedItem,
  Metric,
  MetricOutcome,
  MetricSetting,
  StatisticalSizes,
} from '../../src/workloads/analysis/metrics/metric.ts';

export const SIZES: StatisticalSizes = {
  inductionTexts: 2,
  pathSteps: 4,
  conductanceSteps: 4,
  deletionOrders: 3,
  jacobianProbes: 3,
  singularSteps: 4,
  fisherDraws: 3,
  eigenvalues: 3,
  lanczosSteps: 6,
  blockSteps: 6,
  traceProbes: 3,
  landscapeGrid: 3,
  traceDraws: 2,
  permutations: 19,
  resamples: 20,
};

/** A setting with everything that is not asked for. */
export function settingOf(
  graph: Graph,
  theta: Float32Array,
  items: readonly AnalysedItem[],
  changes: Partial<MetricSetting> = {},
): MetricSetting {
  return {
    graph,
    theta,
    items,
    rows: 2,
    sizes: SIZES,
    seed: 7,
    rule: 'gauss',
    baseline: 'pad',
    padId: 0,
    target: { kind: 'logit' },
    span: 1,
    plane: 'random',
    rho: 0.05,
    noise: 3,
    path: [],
    origin: true,
    ...changes,
  };
}

/** @param breakAt goes on, with a new machine and `resumed`, from the first saved state after this many pieces */
export async function runMetric(
  metric: Metric,
  setting: MetricSetting,
  {
    machines = twinMachines,
    breakAt,
    resumed = setting,
  }: { machines?: Machines; breakAt?: number; resumed?: MetricSetting } = {},
): Promise<MetricOutcome> {
  const objection = metric.objection(setting);
  if (objection) throw new Error(objection);
  const machine = await machines.open(metric.machine(setting), setting.theta);
  const walk = metric.run({ setting, machine });
  let saved: JsonValue | undefined;
  for (let piece = 0; ; piece++) {
    const next = await walk.next();
    if (next.done) {
      machine.close();
      return next.value;
    }
    if (breakAt !== undefined && piece >= breakAt && next.value.saved) {
      saved = JSON.parse(JSON.stringify(await next.value.saved()));
      break;
    }
  }
  machine.close();
  const again = await machines.open(metric.machine(resumed), resumed.theta);
  const rest = metric.run({ setting: resumed, machine: again, saved });
  for (;;) {
    const next = await rest.next();
    if (!next.done) continue;
    again.close();
    return next.value;
  }
}

/** What a walk comes to, without its progress. */
export async function finish<T>(walk: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const next = await walk.next();
    if (next.done) return next.value;
  }
}

export function valuesOf({ arrays }: MetricOutcome, name: string): Float64Array {
  const found = arrays.find((array) => array.name === name);
  if (!found) throw new Error(`there is no array ${name}`);
  return Float64Array.from(found.values);
}

export function headline({ headlines }: MetricOutcome, key: string): number {
  const found = headlines.find((line) => line.key === key);
  if (!found) throw new Error(`there is no headline ${key}`);
  return found.value;
}
