import { expect, test } from 'vitest';
import { scheduleOf } from './schedule.ts';
import { SOLVERS } from './solvers.ts';
import { timeAfter } from './time.ts';

test.each(SOLVERS)('the time of %s rises to 1', (solver) => {
  const times = Array.from({ length: 9 }, (_, step) => timeAfter(step, { solver, steps: 8 }));
  for (let i = 1; i < times.length; i++) expect(times[i]).toBeGreaterThan(times[i - 1]);
  expect(times[8]).toBe(1);
});

test('spaced steps end where 1 − t = (1 − i/n)², uniform ones at i/n', () => {
  expect(timeAfter(3, { solver: 'midpoint', steps: 4 })).toBeCloseTo(1 - 1 / 16, 14);
  expect(timeAfter(3, { solver: 'rk4', steps: 4, spacing: 'uniform' })).toBeCloseTo(0.75, 14);
});

test.each(['edm', 'vp_sde'] as const)('%s has the times of its schedule', (solver) => {
  const { rows } = scheduleOf(solver, 8);
  for (let step = 0; step < 8; step++) expect(timeAfter(step, { solver, steps: 8 })).toBeCloseTo(rows[4 * step], 6);
});
