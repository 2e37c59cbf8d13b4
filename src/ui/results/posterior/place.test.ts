import { expect, it } from 'vitest';
import { equalityLine, nearest, place, truthAxis } from './place.ts';

const point = (index: number, truth: number) => ({
  index,
  runId: `r${index}`,
  truth,
  mean: truth + 0.001,
  sd: 0.002,
  converged: true,
});

it('keeps items within half a per cent of the axis of their truth, side by side', () => {
  const points = [point(0, 0.01), point(1, 0.01), point(2, 0.01), point(3, 0.05), point(4, 0.05)];
  const placed = place(points, 'estimate');
  const axis = truthAxis(points);
  for (const { x, truth } of placed) expect(Math.abs(x - truth)).toBeLessThanOrEqual(0.00501 * (axis.max - axis.min));
  expect(new Set(placed.map(({ x }) => x)).size).toBe(5);
});

it('keeps truths apart that are closer than the spread', () => {
  const placed = place([point(0, 0), point(1, 0), point(2, 1e-6), point(3, 1e-6), point(4, 1)], 'estimate');
  for (const { x, truth } of placed) expect(Math.abs(x - truth)).toBeLessThan(0.2e-6);
});

it('gives a single truth an axis as wide as its error bars', () => {
  const points = [point(0, 0.01), point(1, 0.01)];
  expect(truthAxis(points).max - truthAxis(points).min).toBeCloseTo(0.008, 12);
  const placed = place(points, 'error');
  expect(placed[1].x - placed[0].x).toBeCloseTo(0.00008, 12);
  expect(placed[0].y).toBeCloseTo(0.001, 12);
});

it('stands draws with several peaks on the interval of each, pointed at where the truth is', () => {
  const peaks = [
    { low: -0.9, high: -0.6, share: 0.5 },
    { low: 0.4, high: 0.6, share: 0.5 },
  ];
  const [estimate] = place([{ ...point(0, 0.45), peaks }], 'estimate');
  expect(estimate.bars).toEqual(peaks.map(({ low, high }) => ({ low, high })));
  expect(estimate.y).toBeCloseTo(0.5, 12);
  const [error] = place([{ ...point(0, 0.45), peaks }], 'error');
  expect(error.bars[1].low).toBeCloseTo(-0.05, 12);
  expect(error.y).toBeCloseTo(0.05, 12);
  const [{ bars }] = place([point(0, 0.01)], 'estimate');
  expect([bars[0].low, bars[0].high].map((value) => Number(value.toFixed(12)))).toEqual([0.009, 0.013]);
});

it('draws equality with slope one, cut to what both axes show', () => {
  expect(equalityLine({ min: 0, max: 5 }, { min: 1, max: 2 })).toEqual([
    { x: 1, y: 1 },
    { x: 2, y: 2 },
  ]);
  expect(equalityLine({ min: 0, max: 1 }, { min: 2, max: 3 })).toBeUndefined();
});

it('finds the mark under the pointer, and none where there is none near', () => {
  const placed = place([point(0, 0), point(1, 0.5), point(2, 1)], 'estimate');
  const frame = { x: (value: number) => 100 * value, y: (value: number) => 100 - 100 * value };
  expect(nearest(placed, frame, { x: 54, y: 46 })?.index).toBe(1);
  expect(nearest(placed, frame, { x: 99, y: 0 })?.index).toBe(2);
  expect(nearest(placed, frame, { x: 25, y: 75 })).toBeUndefined();
});
