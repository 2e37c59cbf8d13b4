/** The same metrics on the device: equal bits for any number of rows in flight, near what f64 gives. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { deviceMachines } from '../../src/nn/graph/device/machine.ts';
import { metricsB } from '../../src/workloads/analysis/metrics/list-b.ts';
import type { MetricSetting } from '../../src/workloads/analysis/metrics/metric.ts';
import { testSizes } from './device-machines.ts';
import { runMetric, SIZES } from './run-metric.ts';
import { smallSetting } from './small-settings.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const sizes = { ...SIZES, lanczosSteps: 3, blockSteps: 3, traceProbes: 2, fisherDraws: 2 };
/** Metrics whose kernels and order of sums a decoder tries beside a perceptron. */
const OF_DECODERS = new Set(['gradients', 'conflict', 'sharpness', 'representations']);

describe.each(['perceptron', 'gpt2'])('%s', (name) => {
  test.each(metricsB.map(({ id }) => id).filter((id) => name === 'perceptron' || OF_DECODERS.has(id)))(
    '%s',
    async (id) => {
      const metric = metricsB.find((own) => own.id === id)!;
      const { items, ...rest } = smallSetting(name, { sizes });
      const setting = (rows: number): MetricSetting => ({
        ...rest,
        items: name === 'gpt2' ? items.slice(-4) : items,
        rows,
      });
      const machines = deviceMachines(gpu, testSizes(gpu));
      const whole = await runMetric(metric, setting(6), { machines });
      for (const rows of [1, 2, 5]) expect(await runMetric(metric, setting(rows), { machines })).toEqual(whole);
      const told = await runMetric(metric, setting(6));
      // A difference of two losses of about 3 nats has roundings of 1e-6, and a share of a p-value or of signs may turn at one.
      for (const [k, { key, value }] of told.headlines.entries())
        if (!/^(groupP|conflictShare|concave|barrier|differenceError|noiseScale|groupCorrected)$/.test(key))
          expect(Math.abs(whole.headlines[k].value - value), key).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
    },
  );
});
