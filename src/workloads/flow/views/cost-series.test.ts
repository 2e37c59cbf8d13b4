import { expect, test } from 'vitest';
import { seriesOf } from './cost-series.ts';
import type { CostPoint } from './store.ts';

const point = (solver: CostPoint['solver'], precision: CostPoint['precision'], evaluations: number) =>
  ({ solver, precision, evaluations }) as CostPoint;

test('solvers and precisions have marks and colours of their own, and keep them when others come', () => {
  const first = [point('midpoint', 'f32', 40), point('euler', 'f32', 20), point('midpoint', 'f32', 20)];
  const [midpoint, euler] = seriesOf(first);
  expect(midpoint.points.map(({ evaluations }) => evaluations)).toEqual([20, 40]);
  expect(euler.color).not.toBe(midpoint.color);
  expect(euler.mark).not.toBe(midpoint.mark);
  const [again, , half] = seriesOf([...first, point('midpoint', 'f16-storage', 20)]);
  expect(again).toEqual(midpoint);
  expect(new Set([midpoint, euler, half].map(({ color, mark }) => `${color} ${mark}`)).size).toBe(3);
});
