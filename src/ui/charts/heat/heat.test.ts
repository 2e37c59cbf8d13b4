import { describe, expect, it } from 'vitest';
import { colouringOf } from '../colour-scale.ts';
import { textWidth } from '../pen.ts';
import { type Heat, heatLayout, roundStride, rowTop, spotAt, spotByKey } from './layout.ts';
import { pooledField } from './pooled.ts';

function heatOf(rows: number, columns: number, more: Partial<Heat> = {}): Heat {
  const values = Array.from({ length: rows * columns }, (_, i) => i);
  return {
    rows: Array.from({ length: rows }, (_, i) => `row ${i}`),
    columns: Array.from({ length: columns }, (_, i) => `token ${i}`),
    values,
    colouring: colouringOf({ kind: 'sequential' }, values, false),
    quantity: 'number',
    ...more,
  };
}

describe('layout of a heat map', () => {
  it.each([320, 390, 720, 1400])('stays within %i px, however many columns', (across) => {
    for (const columns of [1, 7, 60, 512])
      for (const square of [false, true]) {
        const layout = heatLayout(heatOf(12, columns, { square, rowTitle: 'layer', columnTitle: 'token' }), across);
        expect(layout.left + layout.width).toBeLessThanOrEqual(across);
        expect(layout.bar).toBeGreaterThan(layout.top + layout.height);
        expect(layout.total).toBeGreaterThan(layout.bar);
        if (square) expect(layout.w).toBe(layout.h);
      }
  });

  it('writes names where they have room, turns them where they have less, and places where they have none', () => {
    expect(heatLayout(heatOf(3, 4), 900).columnLabels).toMatchObject({ what: 'names', turned: false });
    expect(heatLayout(heatOf(3, 30), 900).columnLabels).toMatchObject({ what: 'names', turned: true });
    const many = heatLayout(heatOf(3, 400), 900);
    expect(many.columnLabels.what).toBe('places');
    expect(many.columnLabels.every * many.w).toBeGreaterThan(textWidth('399', 11));
  });

  it('finds each square at its own middle, from the top down and from the bottom up', () => {
    for (const upwards of [false, true]) {
      const heat = heatOf(3, 5, { upwards, roomFor: upwards ? 4 : undefined });
      const layout = heatLayout(heat, 600);
      for (let row = 0; row < 3; row++)
        for (let column = 0; column < 5; column++) {
          const [x, y] = [layout.left + (column + 0.5) * layout.w, rowTop(heat, layout, row) + layout.h / 2];
          expect(spotAt(heat, layout, x, y)).toEqual({ row, column });
        }
      expect(spotAt(heat, layout, layout.left - 1, layout.top + 1)).toBeUndefined();
      expect(spotAt(heat, layout, layout.left + 1, layout.top + layout.height + 1)).toBeUndefined();
    }
  });

  it('is as high for fewer rows as for the most, so that nothing moves between quantities', () => {
    const [few, most] = [2, 3].map((rows) => heatLayout(heatOf(rows, 5, { upwards: true, roomFor: 3 }), 600));
    expect(few.total).toBe(most.total);
    expect(few.top + few.height).toBe(most.top + most.height);
  });
});

describe('keys', () => {
  it('go up where the first row is at the bottom, and stop at the edges', () => {
    const heat = heatOf(3, 5, { upwards: true });
    expect(spotByKey(heat, { row: 1, column: 1 }, 'ArrowUp', false)).toEqual({ row: 2, column: 1 });
    expect(spotByKey(heat, { row: 2, column: 4 }, 'ArrowUp', false)).toEqual({ row: 2, column: 4 });
    expect(spotByKey(heat, { row: 0, column: 1 }, 'ArrowRight', true)).toEqual({ row: 0, column: 4 });
    expect(spotByKey(heat, undefined, 'ArrowRight', false)).toEqual({ row: 0, column: 0 });
    expect(spotByKey(heat, { row: 0, column: 1 }, 'a', false)).toBeUndefined();
  });

  it('stay on and below the diagonal of a triangle', () => {
    const heat = heatOf(5, 5, { triangle: true });
    expect(spotByKey(heat, { row: 2, column: 2 }, 'ArrowRight', false)).toEqual({ row: 2, column: 2 });
    expect(spotByKey(heat, { row: 2, column: 2 }, 'ArrowUp', false)).toEqual({ row: 1, column: 1 });
    expect(spotByKey(heat, { row: 2, column: 0 }, 'End', false)).toEqual({ row: 2, column: 2 });
  });
});

it('keeps every value where there is room, upside down where the first row is at the bottom', () => {
  const at = (i: number) => i;
  expect([...pooledField({ rows: 2, columns: 2 }, at, 9, 9).values]).toEqual([0, 1, 2, 3]);
  expect([...pooledField({ rows: 2, columns: 2, upwards: true }, at, 9, 9).values]).toEqual([2, 3, 0, 1]);
  expect([...pooledField({ rows: 2, columns: 2, triangle: true }, at, 9, 9).values]).toEqual([0, Number.NaN, 2, 3]);
});

it('never loses the strongest value of either sign where places are fewer than values', () => {
  const values = new Float64Array(512 * 512);
  values[200 * 512 + 77] = 5;
  values[300 * 512 + 78] = -7;
  const { nx, ny, values: field } = pooledField({ rows: 512, columns: 512 }, (i) => values[i], 100, 90);
  expect([nx, ny]).toEqual([100, 90]);
  expect(field.filter((value) => value === 5)).toHaveLength(1);
  expect(field.filter((value) => value === -7)).toHaveLength(1);
});

it('writes every 1, 2, 5, 10, 20 … of many places', () => {
  expect([0.3, 1.4, 3, 6, 11, 26, 70].map(roundStride)).toEqual([1, 2, 5, 10, 20, 50, 100]);
});
