/** Metrics of gradients, curvature, landscapes and representations over the f64 machine: equal bits for any chunk and after an interruption. */
import { beforeAll, describe, expect, test } from 'vitest';
import { metricsB } from '../../src/workloads/analysis/metrics/list-b.ts';
import type { MetricOutcome, MetricSetting } from '../../src/workloads/analysis/metrics/metric.ts';
import { runMetric, SIZES } from './run-metric.ts';
import { smallSetting } from './small-settings.ts';

/** Metrics that walk all tensors, or all predictions: two texts and fewer steps. */
const LONG = new Set(['hessian', 'hessian-blocks', 'fisher', 'landscape']);

describe.each(['gpt2', 'perceptron'])('%s', (name) => {
  // All tensors of a decoder, block by block, take longer than they tell: a perceptron's do.
  const ids = metricsB.map(({ id }) => id).filter((id) => name === 'perceptron' || id !== 'hessian-blocks');
  describe.each(ids)('%s', (id) => {
    const metric = metricsB.find((own) => own.id === id)!;
    const sizes = LONG.has(id) ? { ...SIZES, lanczosSteps: 3, blockSteps: 3, traceProbes: 2, fisherDraws: 2 } : SIZES;
    const { items, ...rest } = smallSetting(name, { sizes });
    const setting = (rows: number): MetricSetting => ({
      ...rest,
      items: LONG.has(id) && name !== 'perceptron' ? items.slice(-2) : items,
      rows,
    });
    let whole: MetricOutcome;
    beforeAll(async () => {
      whole = await runMetric(metric, setting(6));
    });

    test('rows 1, 2 and 5 give the bits of all at once, of the shapes declared', async () => {
      expect(whole.arrays.map(({ values: _, ...shape }) => shape)).toEqual(
        metric.layout(setting(6)).map(({ kind: _, ...shape }) => shape),
      );
      for (const rows of [1, 2, 5]) expect(await runMetric(metric, setting(rows))).toEqual(whole);
    });

    test('an interruption, and going on with other rows, changes nothing', async () => {
      for (const breakAt of [1, 9])
        expect(await runMetric(metric, setting(2), { breakAt, resumed: setting(3) })).toEqual(whole);
    });

    test('every number is finite and has a key of its own', () => {
      const { headlines, beside } = whole;
      expect(headlines.length).toBeGreaterThan(0);
      for (const { key, value, error, control } of headlines) {
        expect(value, key).toSatisfy(Number.isFinite);
        if (error) expect(error.value, key).toSatisfy(Number.isFinite);
        if (control) expect(control.value, key).toSatisfy(Number.isFinite);
      }
      for (const { name, ours, theirs } of beside) expect([ours, theirs].every(Number.isFinite), name).toBe(true);
      expect(new Set(headlines.map(({ key }) => key)).size).toBe(headlines.length);
    });
  });
});

test.each(['gpt2', 'perceptron'])('%s: one to four items give finite numbers, or a sentence', async (name) => {
  const sizes = { ...SIZES, lanczosSteps: 2, blockSteps: 2, traceProbes: 1, fisherDraws: 1 };
  const { items, ...rest } = smallSetting(name, { sizes });
  // Of one tensor's Hessian alone there is nothing else to see, and it takes long.
  for (const metric of metricsB.filter(({ id }) => id !== 'hessian-blocks'))
    for (let count = 1; count <= 4; count++) {
      const setting = { ...rest, items: items.slice(-count) };
      const objection = metric.objection(setting);
      if (objection) {
        expect(objection).toMatch(/\.$/);
        continue;
      }
      for (const { key, value, error, control } of (await runMetric(metric, setting)).headlines)
        for (const number of [value, error?.value ?? 0, control?.value ?? 0])
          expect(number, `${metric.id} of ${count}: ${key}`).toSatisfy(Number.isFinite);
    }
});
