import { describe, expect, it } from 'vitest';
import { workloads } from '../index.ts';
import { presetParams } from '../validate.ts';
import { shearWorkload } from './workload.ts';

const quick = presetParams(shearWorkload.params, shearWorkload.presets.find(({ id }) => id === 'quick')!);

describe('shearWorkload', () => {
  it('is what a visitor sees first', () => {
    expect(workloads[0]).toBe(shearWorkload);
    expect(shearWorkload.presets[0].id).toBe('level0');
  });

  it('lists as many items as it counts', () => {
    const problem = shearWorkload.configure(quick, {}).prepare(42);
    expect(problem.items.length).toBe(shearWorkload.configure(quick, {}).count);
    expect(problem.items.map(({ index }) => index)).toEqual(problem.items.map((_, i) => i));
  });

  it('recovers the shear and position of its simulated galaxies on the CPU twin, within 5 σ', async () => {
    const params = { ...quick, warmup: 32, draws: 40, chains: 2, shearGrid: [0.05], realizations: 1 };
    const problem = shearWorkload.configure(params, {}).prepare(42);
    const session = await shearWorkload.reference(problem, 1);
    await session.start([0]);
    while ((await session.advance(200)).phase !== 'done') {}
    const [item] = await session.collect();
    session.close();
    expect(item.info).toEqual(problem.items[0]);
    for (const { name, values } of item.parameters) {
      const mean = Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
      const sd = item.fit.sd[item.parameters.findIndex((column) => column.name === name)];
      expect(Math.abs(mean - problem.items[0].truth[name])).toBeLessThan(5 * sd);
    }
  });
});
