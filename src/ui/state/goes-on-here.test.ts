import { expect, test } from 'vitest';
import { parseRunConfig } from '../../engine/config/run-config.ts';
import type { ResumableRun } from '../../worker/checkpoint/types.ts';
import { goesOnHere } from './goes-on-here.ts';
import type { Store } from './types.ts';

const run = { title: 'Shear · quick · seed 42', items: 6, done: 3, lastAt: 2000 } as ResumableRun;
const shown = {
  status: 'failed',
  ranConfig: parseRunConfig({ preset: 'quick' }),
  run: { items: Array(6), ownFiles: {}, chunk: 1 },
  summaries: Array(4),
} as unknown as Store;

test('the run on screen, all but the last of which is in its checkpoint, goes on unasked; any other replaces what is shown', () => {
  expect(goesOnHere(run, shown, 1000)).toBe(true);
  expect(goesOnHere({ ...run, done: 1 }, shown, 1000), 'more than the last chunks are only on the page').toBe(false);
  expect(goesOnHere({ ...run, title: 'Shear · quick · seed 7' }, shown, 1000)).toBe(false);
  expect(goesOnHere({ ...run, items: 7 }, shown, 1000)).toBe(false);
  expect(goesOnHere(run, shown, 3000), 'of an earlier visit').toBe(false);
  expect(goesOnHere(run, { ...shown, status: 'done' }, 1000)).toBe(false);
});
