import { expect, test } from 'vitest';
import { parseRunConfig } from '../../engine/config/run-config.ts';
import { presetChanges } from './preset-changes.ts';

test('a preset as it comes is not changed; seed and batch are no part of it', () => {
  expect(presetChanges(parseRunConfig({ preset: 'quick' }))).toEqual([]);
  expect(presetChanges(parseRunConfig({ preset: 'quick', seed: 7, batch: { size: 3 } }))).toEqual([]);
});

test('what differs is named by its label in the form', () => {
  expect(presetChanges(parseRunConfig({ preset: 'quick', params: { draws: 31, shearGrid: [0.03] } }))).toEqual([
    'True shears g1',
    'Draws per chain',
  ]);
  expect(presetChanges(parseRunConfig({ workload: 'flow', precision: 'f16-storage' }))).toEqual(['Precision']);
});
