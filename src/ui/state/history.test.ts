import { expect, it } from 'vitest';
import { emptyHistory, remember } from './history.ts';

it('stays bounded over a long run and still spans it from first to last', () => {
  let history = emptyHistory;
  for (let tick = 0; tick < 36_000; tick++) {
    history = remember(history, { seconds: tick / 10, itemsPerSecond: tick, gradientsPerSecond: 0, bytes: 0 });
  }
  expect(history.points.length).toBeLessThanOrEqual(480);
  expect(history.points.length).toBeGreaterThan(200);
  expect(history.points[0].seconds).toBe(0);
  expect(history.points.at(-1)!.seconds).toBeGreaterThan(3580);
});

it('drops points that come faster than the screen changes', () => {
  const first = remember(emptyHistory, { seconds: 1, itemsPerSecond: 1, gradientsPerSecond: 1, bytes: 1 });
  expect(remember(first, { seconds: 1.01, itemsPerSecond: 2, gradientsPerSecond: 2, bytes: 2 })).toBe(first);
});
