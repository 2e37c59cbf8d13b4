/** Metrics of gradients, curvature, landscapes and representations in f32 on the device, against the same in f64: metric by metric. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { deviceMachines } from '../../src/nn/graph/device/machine.ts';
import { metricsB } from '../../src/workloads/analysis/metrics/list-b.ts';
import type { AnalysedItem, MetricOutcome, MetricSetting } from '../../src/workloads/analysis/metrics/metric.ts';
import { testSizes } from './device-machines.ts';
import { readDecoder, readPerceptron } from './reference.ts';
import { runMetric, SIZES, settingOf } from './run-metric.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const sizes = {
  ...SIZES,
  eigenvalues: 5,
  lanczosSteps: 24,
  blockSteps: 24,
  traceProbes: 2,
  landscapeGrid: 5,
  fisherDraws: 15,
};

async function settingFor(
  name: 'gpt2' | 'llama' | 'mlp',
  changes: Partial<MetricSetting> = {},
): Promise<MetricSetting> {
  if (name === 'mlp') {
    const { graph, theta, values } = await readPerceptron();
    const { x, t } = values.inputs;
    const items = x.map((numbers: number[], i: number) => ({
      name: `${i}`,
      numbers,
      targets: t[i],
      group: i < 5 ? 'a' : 'b',
    }));
    return settingOf(graph, theta, items, { sizes, rows: 10, ...pathTo(theta), ...changes });
  }
  const { graph, theta, ids } = await readDecoder(name);
  const items = ids.map((own, i): AnalysedItem => ({ name: `${i}`, ids: own, group: i < 3 ? 'copies' : 'Markov' }));
  return settingOf(graph, theta, items, { sizes, rows: 6, ...pathTo(theta), ...changes });
}

/** Three points on a bent way to θ. */
function pathTo(theta: Float32Array): Pick<MetricSetting, 'path'> {
  const at = (share: number, bend: number) => theta.map((own, p) => own * (1 - share) + bend * Math.sin(p));
  return {
    path: [
      { name: 'first', theta: at(0.5, 0.02) },
      { name: 'middle', theta: at(0.2, -0.02) },
      { name: 'last', theta },
    ],
  };
}

/**
 * Bounds on eigenvalues and errors are read to a digit or two; ratios of differences, and p, lose what cancels. A start vector's shares in eigenvalues that f32
 * cannot tell from 0 are anybody's.
 */
const LOOSE = /error|bound|_sd|null|noise|corrected|_p$|zeros|ritz_weight/;

/** Of each array its largest difference over the largest value told, the worst first. */
function differences(seen: MetricOutcome, told: MetricOutcome): [name: string, apart: number][] {
  return seen.arrays
    .map(({ name, values }, a): [string, number] => {
      const expected = told.arrays[a].values;
      let [most, size] = [0, 0];
      for (let i = 0; i < expected.length; i++) {
        // Also where one walk met rounding, and ended, before the other.
        if (Number.isNaN(expected[i]) || Number.isNaN(values[i])) continue;
        most = Math.max(most, Math.abs(values[i] - expected[i]));
        size = Math.max(size, Math.abs(expected[i]));
      }
      return [name, size > 0 ? most / size : most];
    })
    .sort((a, b) => b[1] - a[1]);
}

describe.each(['mlp', 'gpt2', 'llama'] as const)('%s', (name) => {
  test.each(metricsB.map(({ id }) => id).filter((id) => name === 'mlp' || id !== 'hessian-blocks'))(
    '%s',
    async (id) => {
      const metric = metricsB.find((own) => own.id === id)!;
      const setting = await settingFor(name);
      const machines = deviceMachines(gpu, { ...testSizes(gpu), dotRun: 256, combineTerms: 6, stagingBytes: 2 ** 20 });
      const started = performance.now();
      const seen = await runMetric(metric, setting, { machines });
      const seconds = (performance.now() - started) / 1000;
      const told = await runMetric(metric, setting);
      const all = differences(seen, told);
      const strict = all.filter(([array]) => !LOOSE.test(array));
      const shown = (list: typeof all) =>
        list
          .slice(0, 3)
          .map(([array, apart]) => `${array} ${apart.toExponential(1)}`)
          .join(', ');
      console.log(
        `${name} ${id}: ${seconds.toFixed(1)} s; ${shown(strict)}; loose: ${shown(all.filter(([array]) => LOOSE.test(array)))}`,
      );
      expect(seen.arrays.length).toBe(told.arrays.length);
      for (const [array, apart] of strict) expect(apart, array).toBeLessThan(1e-4);
    },
  );
});
