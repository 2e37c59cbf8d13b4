import { expect, it } from 'vitest';
import { frameAt, nextTime, positionsAt } from './film.ts';

const film = {
  dimension: 1,
  particles: 2,
  times: [0, 0.5, 1],
  positions: Float32Array.of(0, 10, 2, 20, 4, 40),
};

it('shows the frames at their times and straight lines between', () => {
  expect([...positionsAt(film, 0)]).toEqual([0, 10]);
  expect([...positionsAt(film, 0.5)]).toEqual([2, 20]);
  expect([...positionsAt(film, 0.75)]).toEqual([3, 30]);
  expect([...positionsAt(film, 1)]).toEqual([4, 40]);
});

it('steps from frame to frame and stays at the last', () => {
  expect([nextTime(film, 0), nextTime(film, 0.5), nextTime(film, 0.6), nextTime(film, 1)]).toEqual([0.5, 1, 1, 1]);
  expect(frameAt(film, 0.49)).toBe(0);
});
