/** Metrics of attention, attribution and cause on the device: equal bits for any number of rows in flight, near what f64 gives. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { deviceMachines } from '../../src/nn/graph/device/machine.ts';
import { metricsA } from '../../src/workloads/analysis/metrics/list-a.ts';
import { testSizes } from './device-machines.ts';
import { countedRun, settingFrom } from './settings.ts';
import { smallGraph } from './small-graphs.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const { graph, theta, batch } = smallGraph('gpt2');
// Five tokens with a counterfactual, and two.
const items = [batch.ids![1], batch.ids![5]].map((own, i) => {
  const ids = Array.from(own);
  return { name: `text ${i}`, ids, ...(i === 0 && { counterfactual: ids.map((id) => (id + 3) % 12) }) };
});

describe.each(metricsA.map((metric) => [metric.id, metric] as const))('%s', (_, metric) => {
  test('gives equal bits for any rows in flight, near those of f64', async () => {
    const machines = deviceMachines(gpu, testSizes(gpu));
    const setting = settingFrom({ graph, theta, items, rows: 7, sizes: { inductionTexts: 1, deletionOrders: 1 } });
    const { outcome } = await countedRun(metric, setting, { machines });
    for (const rows of [1, 2, 5])
      expect((await countedRun(metric, { ...setting, rows }, { machines })).outcome, `${rows} rows`).toEqual(outcome);
    const told = (await countedRun(metric, setting)).outcome;
    for (const [k, { key, value, control }] of told.headlines.entries()) {
      // Roundings alone: what is left of a sum that is 0 in exact arithmetic has no digits.
      if (/residual|Error$/i.test(key)) continue;
      const own = outcome.headlines[k];
      expect(Math.abs(own.value - value), key).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
      if (control)
        expect(Math.abs(own.control!.value - control.value), key).toBeLessThan(
          1e-4 * Math.max(1, Math.abs(control.value)),
        );
    }
  });
});
