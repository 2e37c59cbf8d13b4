import { expect, it } from 'vitest';
import { experiments } from './catalog.ts';
import { workloads } from './index.ts';

it('describes every experiment of the registry, in its order, with the same tables', () => {
  expect(workloads.map(({ id }) => id)).toEqual(experiments.map(({ id }) => id));
  workloads.forEach((workload, index) => {
    expect(workload.params).toBe(experiments[index].params);
    expect(workload.presets).toBe(experiments[index].presets);
    expect(workload.results).toMatchObject(experiments[index].results);
  });
});
