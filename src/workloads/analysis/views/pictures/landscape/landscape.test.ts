import { describe, expect, it } from 'vitest';
import { regionsOf } from './contour-drawing.ts';
import { fieldOf, heightOf, levelsOf, lossAt } from './field.ts';
import { FIRST_TURN, see, turnByKey, turned } from './projection.ts';
import { quadsOf } from './surface-drawing.ts';

/** [alpha][beta] of f on 21 × 11 points. */
const ALPHA = Array.from({ length: 21 }, (_, i) => -1 + i / 10);
const BETA = Array.from({ length: 11 }, (_, i) => -1 + i / 5);
const planeOf = (f: (a: number, b: number) => number) => ({
  alpha: ALPHA,
  beta: BETA,
  loss: ALPHA.flatMap((a) => BETA.map((b) => f(a, b))),
});

describe('field', () => {
  it('reads off a plane exactly, between points as at them, and never outside', () => {
    const field = fieldOf(
      planeOf((a, b) => 3 + 2 * a - b),
      false,
    );
    for (const [a, b] of [
      [0, 0],
      [0.333, -0.777],
      [-1, 1],
      [1, 1],
    ])
      expect(lossAt(field, a, b)).toBeCloseTo(3 + 2 * a - b, 12);
    expect(lossAt(field, 5, 0)).toBeCloseTo(5, 12);
  });

  it('spans the path’s own losses, too, and draws what is not finite as high as the highest', () => {
    const { loss, ...plane } = planeOf((a) => 1 + a * a);
    loss[7] = Number.POSITIVE_INFINITY;
    loss[8] = Number.NaN;
    const path = [{ label: 'start', alpha: 0, beta: 0, loss: 9 }];
    const field = fieldOf({ ...plane, loss, path }, false);
    expect([field.colouring.min, field.colouring.max, field.broken]).toEqual([1, 9, 2]);
    expect(Math.max(...field.loss)).toBe(2);
  });

  it('goes by logarithm only where every loss has one', () => {
    expect(
      fieldOf(
        planeOf((a) => 1 + a * a),
        true,
      ).log,
    ).toBe(true);
    const bare = fieldOf(
      planeOf((a) => a),
      true,
    );
    expect(bare.log).toBe(false);
    expect(heightOf(bare, 0)).toBe(0.5);
  });

  it('has contours equally far apart as they are drawn', () => {
    const field = fieldOf(
      planeOf((a) => 10 ** (2 * a)),
      true,
    );
    expect(levelsOf(field, 3).map((level) => Math.round(level * 1e6) / 1e6)).toEqual([0.1, 1, 10]);
    expect(levelsOf(field, 3).map((level) => heightOf(field, level))).toEqual([
      expect.closeTo(0.25, 9),
      expect.closeTo(0.5, 9),
      expect.closeTo(0.75, 9),
    ]);
  });
});

it('traces contours where the loss has their height', () => {
  const field = fieldOf(
    planeOf((a, b) => 2 * a + b),
    false,
  );
  const regions = regionsOf(field);
  let checked = 0;
  for (const { level, rings } of regions)
    for (const [x, y] of rings.flat()) {
      // Rings close outside of the grid.
      if (x <= 0 || x >= 20 || y <= 0 || y >= 10) continue;
      expect(2 * (-1 + x / 10) + (-1 + y / 5)).toBeCloseTo(level, 9);
      checked++;
    }
  expect(checked).toBeGreaterThan(100);
});

describe('projection', () => {
  it('keeps distances: from above as on a map, from the side as heights', () => {
    const above = { yaw: 0, tilt: Math.PI / 2 };
    expect(see(above, 0.3, -0.4, 7)).toMatchObject({ x: 0.3, y: expect.closeTo(-0.4, 12) });
    const side = { yaw: 0, tilt: 0 };
    expect(see(side, 0.3, -0.4, 0.7)).toMatchObject({ x: 0.3, y: 0.7, depth: -0.4 });
    for (const turn of [FIRST_TURN, { yaw: 2.1, tilt: 1.1 }]) {
      const { x, y, depth } = see(turn, 0.3, -0.4, 0.7);
      expect(Math.hypot(x, y, depth)).toBeCloseTo(Math.hypot(0.3, -0.4, 0.7), 12);
    }
  });

  it('turns all around, but never below the plane, and back to the start', () => {
    expect(turned(FIRST_TURN, -4 * Math.PI, 0).yaw).toBeCloseTo(FIRST_TURN.yaw, 12);
    expect(turned(FIRST_TURN, 0, 9).tilt).toBe(Math.PI / 2);
    expect(turned(FIRST_TURN, 0, -9).tilt).toBeGreaterThan(0);
    expect(turnByKey(turned(FIRST_TURN, 1, 1), 'Home')).toBe(FIRST_TURN);
    const there = turnByKey(FIRST_TURN, 'ArrowLeft')!;
    expect(turnByKey(there, 'ArrowRight')!.yaw).toBeCloseTo(FIRST_TURN.yaw, 12);
    expect(turnByKey(FIRST_TURN, 'Enter')).toBeUndefined();
  });

  it('draws every square of the mesh once, the farthest first', () => {
    const field = fieldOf(
      planeOf((a, b) => a * a + b * b),
      false,
    );
    const quads = quadsOf(field, { yaw: 2.5, tilt: 0.6 });
    expect(quads).toHaveLength(20 * 10);
    for (let i = 1; i < quads.length; i++) expect(quads[i].depth).toBeLessThanOrEqual(quads[i - 1].depth);
    // Seen from the front, what is away is behind.
    const [first] = quadsOf(field, { yaw: 0, tilt: 0.6 });
    expect(Math.min(...first.points.map(({ depth }) => depth))).toBeGreaterThan(0);
  });
});
