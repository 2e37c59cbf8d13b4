/** `sample` and `denoise` as users of st3 call them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import type { Precision } from '../../src/gpu/precision.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { type ConsoleModel, denoise, sample } from '../../src/workloads/cells/console.ts';
import { DeviceTable } from '../../src/workloads/cells/sampling/device-tables.ts';
import { TablePredictor } from '../../src/workloads/cells/sampling/table-predictor.ts';
import { chainLaw, twoClasses } from '../../src/workloads/cells/test-support/laws.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** A model that says in which precision it was asked for; its table is f32 in all. */
function modelOf(law: ReturnType<typeof chainLaw>): ConsoleModel & { readonly asked: Precision[] } {
  const twin = new TablePredictor(law);
  const asked: Precision[] = [];
  return {
    genes: twin.genes,
    bins: twin.bins,
    asked,
    onDevice: (precision) => {
      asked.push(precision);
      return new DeviceTable(twin);
    },
  };
}

test('cells hang on the seed and not on the batch', async () => {
  const model = modelOf(chainLaw());
  const all = await sample(gpu, model, { n_cells: 40, num_steps: 8, seed: 5 });
  expect(all.shape).toEqual([40, 3]);
  expect(Math.max(...all.data)).toBeLessThan(3);
  expect((await sample(gpu, model, { n_cells: 40, num_steps: 8, seed: 5, batch_size: 7 })).data).toEqual(all.data);
  const later = await sample(gpu, model, { n_cells: 30, num_steps: 8, seed: 15, sampler: 'analytic' });
  expect(later.data).toEqual(all.data.slice(30));
  expect((await sample(gpu, model, { n_cells: 40, num_steps: 8, seed: 500 })).data).not.toEqual(all.data);
});

test('masked positions are drawn anew, all others stay', async () => {
  const model = modelOf(chainLaw());
  const x_init = Array.from({ length: 60 }, (_, i) => i % 3);
  const mask_positions = x_init.map((_, i) => i % 4 === 0);
  const { data } = await sample(gpu, model, { x_init, mask_positions, num_steps: 4 });
  data.forEach((token, i) => {
    if (!mask_positions[i]) expect(token).toBe(x_init[i]);
    else expect(token).toBeLessThan(3);
  });
});

test('denoise fills everything in at once, by the most probable token where that is asked for', async () => {
  const model = modelOf(chainLaw());
  // At a known middle of 1, 2 and 0 the likeliest ends are (1, 1), (2, 2), (0, 0).
  const x = [3, 1, 3, 3, 2, 3, 3, 0, 3];
  expect([...(await denoise(gpu, model, x, { argmax: true })).data]).toEqual([1, 1, 1, 2, 2, 2, 0, 0, 0]);
  const many = Array.from({ length: 900 }, (_, i) => x[i % 9]);
  const drawn = (await denoise(gpu, model, many)).data;
  expect(new Set(drawn).size).toBe(3);
  expect([...drawn].filter((token, i) => i % 9 === 0 && token !== 1).length).toBeGreaterThan(5);
});

test('use_amp and amp_dtype choose the precision', async () => {
  const model = modelOf(chainLaw());
  await sample(gpu, model, { n_cells: 1 });
  const { precision } = await sample(gpu, model, { n_cells: 1, use_amp: true });
  await denoise(gpu, model, [3, 3, 3], { use_amp: true, amp_dtype: 'float16' });
  const half = gpu.report.features.includes('shader-f16') ? 'f16' : 'f16-storage';
  expect(precision).toBe('bf16-storage');
  expect(model.asked).toEqual(['f32', 'bf16-storage', half]);
});

test('labels choose the law of each cell', async () => {
  const law = twoClasses();
  const model = modelOf(law);
  const pert_labels = new Array<number>(4000).fill(0);
  const { data } = await sample(gpu, model, { n_cells: 4000, sampler: 'first-hitting', pert_labels });
  // Class 0 never has (1, 2) and (2, 1): states 5 and 7.
  const states = Array.from({ length: 4000 }, (_, cell) => 3 * data[2 * cell] + data[2 * cell + 1]);
  expect(states.filter((state) => state === 5 || state === 7)).toEqual([]);
  expect(states).toContain(4);
});

test('what does not fit is refused by the name that the user gave it', async () => {
  const model = modelOf(chainLaw());
  const refused = (options: Parameters<typeof sample>[2]) => expect(async () => sample(gpu, model, options)).rejects;
  await refused({}).toThrow(/n_cells/);
  await refused({ x_init: [0, 1] }).toThrow(/3 tokens of each/);
  await refused({ n_cells: 2, pert_labels: [1] }).toThrow(/each of 2 cells/);
  await refused({ x_init: [0, 1, 2], mask_positions: [true] }).toThrow(/one for each of 3 tokens/);
  await refused({ n_cells: 2, batch_size: 0 }).toThrow(/batch_size/);
  expect(gpu.ledger.current).toBe(0);
});
