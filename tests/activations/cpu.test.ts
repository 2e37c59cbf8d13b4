/** Runs without a device: in f64, the twin, and in f32 as the CPU computes; both against each other and against a device. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { DatasetItem } from '../../src/results/dataset/item.ts';
import type { Session } from '../../src/workloads/workload.ts';
import { bits, itemsOf, smallRun, TEXTS } from './small-run.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const PARAMS = { maxNewTokens: 7, position: 'response[:5], prompt[-1]', components: 'all' };

async function collected(session: Session, order = Array.from({ length: TEXTS }, (_, i) => i)): Promise<DatasetItem[]> {
  await session.start(order);
  while ((await session.advance(50)).phase !== 'done');
  const items = (await session.collect()) as DatasetItem[];
  session.close();
  return items;
}

describe.each(['llama', 'gpt2', 'gemma2', 'qwen2'] as const)('%s', (family) => {
  const run = smallRun(null, { family, form: 'layered', params: PARAMS });
  const { problem, plan } = run;
  let twin: DatasetItem[];
  beforeAll(async () => {
    twin = await collected(await plan.workload.reference(problem, TEXTS));
  });

  test.each([1, 3, 8])('the twin and f32 give equal bits with %i texts side by side', async (chunk) => {
    const order = Array.from({ length: TEXTS }, (_, i) => (i * 3 + 1) % TEXTS);
    const again = await collected(await plan.workload.reference(problem, chunk), order);
    expect(again.map(bits)).toEqual(order.map((i) => bits(twin[i])));
    const f32 = await itemsOf(smallRun(null, { family, form: 'layered', params: PARAMS, chunk }));
    const whole = await itemsOf(smallRun(null, { family, form: 'layered', params: PARAMS }));
    expect(f32.map(bits)).toEqual(whole.map(bits));
  });

  /** Greedily, gaps between the best two of these tiny models are far above what f32 loses; activations are of size 1. */
  test.each([
    ['on the CPU in f32', () => itemsOf(smallRun(null, { family, form: 'layered', params: PARAMS }))],
    ['on a device', () => itemsOf(smallRun(gpu, { family, form: 'layered', params: PARAMS }))],
  ])('%s it is the twin’s to 1e-4', async (_, run) => {
    const items = await run();
    items.forEach((item, i) => {
      const [{ arrays, attributes }, expected] = [item, twin[i]];
      expect(attributes.response).toBe(expected.attributes.response);
      expect(attributes.finish).toBe(expected.attributes.finish);
      expect(Number(attributes.nll ?? 0)).toBeCloseTo(Number(expected.attributes.nll ?? 0), 4);
      arrays.forEach(({ values, name }, at) => {
        const there = [...values].filter((value) => !Number.isNaN(value));
        const rms = Math.hypot(...there) / Math.sqrt(Math.max(1, there.length));
        values.forEach((value, k) => {
          const right = expected.arrays[at].values[k];
          if (!Number.isNaN(right))
            expect(Math.abs(value - right), `${name} ${k}`).toBeLessThan(1e-4 * Math.max(1, rms));
          else expect(value).toBeNaN();
        });
      });
    });
  });
});
