import { expect, it } from 'vitest';
import { place } from './place.ts';

const point = (index: number, truth: number) => ({
  index,
  runId: `r${index}`,
  truth,
  mean: truth + 0.001,
  sd: 0.002,
  converged: true,
});

it('keeps items of one truth nearer to it than to the next truth', () => {
  const placed = place([point(0, 0.01), point(1, 0.01), point(2, 0.01), point(3, 0.02), point(4, 0.02)], 'estimate');
  for (const { x, truth } of placed) expect(Math.abs(x - truth)).toBeLessThan(0.005);
  expect(new Set(placed.map(({ x }) => x)).size).toBe(5);
});

it('spreads items of a single truth by the size of their errors', () => {
  const placed = place([point(0, 0.01), point(1, 0.01)], 'error');
  expect(placed[1].x - placed[0].x).toBeCloseTo(0.004, 12);
  expect(placed[0].y).toBeCloseTo(0.001, 12);
});
