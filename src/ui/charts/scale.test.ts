import { describe, expect, it } from 'vitest';
import {
  comparable,
  equalScale,
  logTicks,
  logTickText,
  project,
  projectLog,
  rangeOf,
  ticks,
  tickText,
} from './scale.ts';

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

it('puts ticks of a logarithmic axis on powers of ten, or on 1, 2 and 5 where few of them lie inside', () => {
  expect(logTicks({ min: 1e-6, max: 1 }, 10).map((tick) => Math.log10(tick))).toEqual([-6, -5, -4, -3, -2, -1, 0]);
  expect(logTicks({ min: 1e-6, max: 1 }, 3)).toHaveLength(3);
  expect(logTicks({ min: 1.5, max: 12 }, 5)).toEqual([2, 5, 10]);
  expect(logTicks({ min: 1.1, max: 1.4 }, 3).length).toBeGreaterThanOrEqual(2);
  expect([0.01, 1000, 1e-6, 2e5].map(logTickText)).toEqual(['0.01', '1000', '1e−6', '2e5']);
});

it('maps equal ratios onto equal distances of a logarithmic axis', () => {
  const x = projectLog({ min: 0.01, max: 100 }, 0, 40);
  expect([x(0.01), x(1), x(100)].map((at) => Math.round(at * 1e9) / 1e9)).toEqual([0, 20, 40]);
});
