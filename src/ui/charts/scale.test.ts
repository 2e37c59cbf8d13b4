import { describe, expect, it } from 'vitest';
import { comparable, equalScale, project, rangeOf, ticks, tickText } from './scale.ts';

describe('axes', () => {
  it('puts ticks on round numbers inside the range', () => {
    expect(ticks({ min: 0.003, max: 0.011 }, 4).map((tick) => Number(tick.toPrecision(6)))).toEqual([
      0.004, 0.006, 0.008, 0.01,
    ]);
  });

  it('writes a tick with the decimals its step needs', () => {
    expect(tickText(7.5, 2.5)).toBe('7.5');
    expect(tickText(0.004, 0.002)).toBe('0.004');
    expect(tickText(-20, 10)).toBe('\u221220');
    expect(tickText(1e-18, 0.002)).toBe('0');
  });

  it('gives a single value a range around it, and ignores what is no number', () => {
    const range = rangeOf([Number.NaN, 5, Number.POSITIVE_INFINITY]);
    expect(range.min).toBeLessThan(5);
    expect(range.max).toBeGreaterThan(5);
  });

  it('maps the ends of a range onto the ends of the axis', () => {
    const x = project({ min: -1, max: 3 }, 100, 20);
    expect([x(-1), x(3), x(1)]).toEqual([100, 20, 60]);
  });
});

it('gives both axes one scale about their middles, and refuses ranges that none would show', () => {
  const { xRange, yRange } = equalScale({ xRange: { min: 0, max: 2 }, yRange: { min: 1, max: 2 } }, 300, 300);
  expect(xRange).toEqual({ min: 0, max: 2 });
  expect(yRange).toEqual({ min: 0.5, max: 2.5 });
  const wide = equalScale({ xRange: { min: 0, max: 2 }, yRange: { min: 1, max: 2 } }, 800, 200);
  expect((wide.xRange.max - wide.xRange.min) / 800).toBeCloseTo((wide.yRange.max - wide.yRange.min) / 200, 12);
  expect(wide.yRange).toEqual({ min: 1, max: 2 });
  expect(comparable([0, 1], [5, 8])).toBe(true);
  expect(comparable([0, 1], [5, 10])).toBe(false);
  expect(comparable([0, 10], [5, 6])).toBe(false);
});
