import { expect, it } from 'vitest';
import { experiments } from './catalog.ts';
import { workloads } from './index.ts';
import { know, knownExperiments } from './known.ts';
import { listedExperiments } from './listed.ts';

it('describes every experiment of the registry, in its order, with the same tables', () => {
  expect(workloads.map(({ id }) => id)).toEqual(experiments.map(({ id }) => id));
  workloads.forEach((workload, index) => {
    expect(workload.params).toBe(experiments[index].params);
    expect(workload.presets).toBe(experiments[index].presets);
    expect(workload.results).toMatchObject(experiments[index].results);
  });
});

it('lists every experiment in that order, with what is loaded of it later', async () => {
  expect(listedExperiments.map(({ id }) => id)).toEqual(experiments.map(({ id }) => id));
  for (const [index, listed] of listedExperiments.entries()) {
    const { describe, ...listing } = listed;
    expect(await describe()).toBe(experiments[index]);
    expect(experiments[index]).toMatchObject(listing);
    expect(listing.hidden).toBe(experiments[index].hidden);
  }
});

it('makes an experiment known once', () => {
  know(experiments);
  expect(knownExperiments).toEqual(experiments);
});
