import { describe, expect, it } from 'vitest';
import { densityGrid, levelsForShares } from './contour-levels.ts';

/** Draws of a unit Gaussian in the plane on a regular quantile grid: no randomness, exact shares. */
function gaussianDisk(n: number): { x: number[]; y: number[] } {
  const x: number[] = [];
  const y: number[] = [];
  const golden = Math.PI * (3 - Math.sqrt(5));
  for (let i = 0; i < n; i++) {
    const r = Math.sqrt(-2 * Math.log(1 - (i + 0.5) / n));
    x.push(r * Math.cos(i * golden));
    y.push(r * Math.sin(i * golden));
  }
  return { x, y };
}

describe('joint posterior contours', () => {
  const range = { min: -5, max: 5 };
  const { x, y } = gaussianDisk(20_000);
  const grid = densityGrid(x, y, range, range, 80);

  it('keeps every draw in the smoothed grid', () => {
    expect(grid.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(20_000, -1);
  });

  it('puts the 68 % contour of a unit Gaussian at radius sqrt(-2 ln 0.32), widened by the smoothing', () => {
    const [outer, inner] = levelsForShares(grid, [0.95, 0.68]);
    expect(inner).toBeGreaterThan(outer);
    const area = grid.values.filter((value) => value >= inner).length * (10 / 80) ** 2;
    const widening = 1 + 20_000 ** (-1 / 3);
    expect(Math.sqrt(area / Math.PI)).toBeCloseTo(Math.sqrt(-2 * Math.log(0.32) * widening), 1);
  });
});
