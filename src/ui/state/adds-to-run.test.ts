import { expect, test, vi } from 'vitest';
import { presetConfig } from '../../engine/config/run-config.ts';
import { rowsWorkload } from '../../engine/test-support/rows.ts';
import { know } from '../../workloads/known.ts';
import type { Store } from './types.ts';

vi.stubGlobal('window', { location: { search: '', pathname: '/' }, history: { state: null } });
const { addsToRun, sourceOf } = await import('./adds-to-run.ts');

const rows = rowsWorkload();
know([rows]);
const ranConfig = presetConfig(rows, rows.presets[0]);
const listing = (metrics: number[], more: object = {}) => ({
  ...ranConfig,
  params: { ...ranConfig.params, metrics, ...more },
});
const store = {
  status: 'done',
  run: {} as NonNullable<Store['run']>,
  ranConfig,
  config: listing([0, 1, 2, 3]),
  summaries: [{}] as unknown as Store['summaries'],
  opened: undefined,
} as const;

test('offered where the form lists more than a run that is over, and differs in nothing else', () => {
  expect(addsToRun(store)).toBe(true);
  expect(addsToRun({ ...store, status: 'stopped', config: { ...store.config, preset: 'other' } })).toBe(true);
  expect(addsToRun({ ...store, config: ranConfig })).toBe(false);
  expect(addsToRun({ ...store, config: listing([0, 1, 2, 3], { rows: 7 }) })).toBe(false);
  expect(addsToRun({ ...store, config: { ...store.config, seed: 1 } })).toBe(false);
  expect(addsToRun({ ...store, status: 'running' })).toBe(false);
  expect(addsToRun({ ...store, summaries: [] })).toBe(false);
  expect(addsToRun({ ...store, run: undefined })).toBe(false);
});

test('the engine reads it from where it came', () => {
  const item = async () => ({}) as never;
  expect(sourceOf({ opened: undefined })).toEqual({});
  expect(sourceOf({ opened: { id: 'a', title: '', item } })).toEqual({ kept: 'a' });
  expect(sourceOf({ opened: { resultId: 'sha256:1', title: '', item } })).toEqual({ bundle: 'sha256:1' });
});
