import { expect, it } from 'vitest';
import { cellAt, gridLayout, moveIn } from './grid-layout.ts';

it('fits ten thousand cells into a panel, and draws few of them large', () => {
  const many = gridLayout(10_000, 1060);
  expect(many.cell).toBe(6);
  expect(many.rows * many.cell).toBeLessThan(400);
  expect(many.columns * many.rows).toBeGreaterThanOrEqual(10_000);
  expect(gridLayout(12, 1060)).toEqual({ cell: 22, columns: 48, rows: 1 });
});

it('finds the cell under the pointer, and none beside the grid', () => {
  const layout = { cell: 10, columns: 4, rows: 3 };
  expect(cellAt(layout, 10, 25, 11)).toBe(6);
  expect(cellAt(layout, 10, 41, 5)).toBeUndefined();
  expect(cellAt(layout, 10, 35, 25)).toBeUndefined();
});

it('moves by the keyboard and stays inside', () => {
  const layout = { cell: 10, columns: 4, rows: 3 };
  const to = (from: number, key: string) => moveIn(layout, 10, from, key);
  expect([to(0, 'ArrowRight'), to(3, 'ArrowRight'), to(0, 'ArrowLeft'), to(9, 'ArrowRight')]).toEqual([1, 4, 0, 9]);
  expect([to(1, 'ArrowDown'), to(7, 'ArrowDown'), to(1, 'ArrowUp')]).toEqual([5, 7, 1]);
  expect([to(5, 'Home'), to(5, 'End'), to(5, 'x')]).toEqual([0, 9, undefined]);
});
