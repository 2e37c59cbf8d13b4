import { describe, expect, it } from 'vitest';
import { correlation, covariance } from './covariance.ts';
import { credibleLevels, type Density2d, density2d } from './density2d.ts';
import { normals, uniforms } from './fixtures/draws.ts';
import { histogram, kernelDensity } from './histogram.ts';
import { rankOfTruth } from './rank.ts';
import { sbcUniformity } from './sbc.ts';

describe('histogram', () => {
  it('counts both edges and leaves out NaN and what lies outside', () => {
    const { counts, edges } = histogram([0, 0.5, 1, 1.5, 2, 2.01, -1, Number.NaN], 2, [0, 2]);
    expect([...counts]).toEqual([2, 3]);
    expect([...edges]).toEqual([0, 1, 2]);
  });
  it('gives a single value a range of its own', () => {
    expect([...histogram([3, 3], 2).counts]).toEqual([0, 2]);
  });
});

describe('kernelDensity', () => {
  it('integrates to one and peaks where the draws are', () => {
    const { x, density } = kernelDensity(
      normals(1, 20000).map((v) => 24 + 0.01 * v),
      100,
    );
    const area = density.reduce((sum, v) => sum + v, 0) * (x[1] - x[0]);
    expect(area).toBeCloseTo(1, 2);
    expect(x[density.indexOf(Math.max(...density))]).toBeCloseTo(24, 2);
    // Height of N(24, 0.01²), lowered a little by the kernel's own width.
    const height = Math.max(...density) * 0.01 * Math.sqrt(2 * Math.PI);
    expect(height).toBeGreaterThan(0.93);
    expect(height).toBeLessThan(1);
  });
  it('is empty where no draw is finite', () => {
    expect(kernelDensity([Number.NaN], 10).density).toHaveLength(0);
  });
});

describe('density2d', () => {
  const a = normals(11, 5000);
  const b = normals(12, 5000).map((v, i) => 0.8 * a[i] + 0.6 * v);
  const density = density2d(a, b, 40);

  it('keeps all but a thousandth of the probability and follows the correlation', () => {
    const total = density.cells.reduce((sum, v) => sum + v, 0);
    expect(total).toBeGreaterThan(0.999);
    expect(total).toBeLessThanOrEqual(1 + 1e-12);
    const at = (x: number, y: number): number => {
      const column = Math.floor(((x - density.xRange[0]) / (density.xRange[1] - density.xRange[0])) * density.nx);
      const row = Math.floor(((y - density.yRange[0]) / (density.yRange[1] - density.yRange[0])) * density.ny);
      return density.cells[row * density.nx + column];
    };
    expect(at(1, 1)).toBeGreaterThan(5 * at(1, -1));
  });

  it('has levels whose regions hold their share of the draws', () => {
    const [outer, inner] = credibleLevels(density, [0.95, 0.68]);
    const share = (level: number) => density.heights.filter((v) => v >= level).length / 5000;
    expect(share(outer)).toBeCloseTo(0.95, 2);
    expect(share(inner)).toBeCloseTo(0.68, 2);
    expect(inner).toBeGreaterThan(outer);
  });

  /** Area of the smallest region with this share, in units of x times y. */
  const areaOf = (of: Density2d, share: number) => {
    const [level] = credibleLevels(of, [share]);
    const cell = ((of.xRange[1] - of.xRange[0]) * (of.yRange[1] - of.yRange[0])) / (of.nx * of.ny);
    return of.cells.filter((v) => v >= level).length * cell;
  };
  /** Of a normal distribution with independent axes: π σx σy χ²₂(share). */
  const normalArea = (sx: number, sy: number, share: number) => -2 * Math.PI * sx * sy * Math.log(1 - share);

  it.each([0.68, 0.95])('surrounds %s of a normal distribution with its area', (share) => {
    const area = areaOf(
      density2d(
        normals(21, 4000),
        normals(22, 4000).map((v) => 3 * v),
        72,
      ),
      share,
    );
    expect(area / normalArea(1, 3, share)).toBeGreaterThan(0.97);
    expect(area / normalArea(1, 3, share)).toBeLessThan(1.12);
  });

  it.each([0.68, 0.95])(
    'surrounds %s of two modes that are 14 and 20 of their widths apart with their area',
    (share) => {
      const side = uniforms(33, 4000).map((u) => (u < 0.5 ? -1 : 1));
      const x = normals(31, 4000).map((v, i) => side[i] + v / 7);
      const y = normals(32, 4000).map((v, i) => side[i] + v / 10);
      const ratio = areaOf(density2d(x, y, 72), share) / (2 * normalArea(1 / 7, 1 / 10, share));
      expect(ratio).toBeGreaterThan(0.95);
      expect(ratio).toBeLessThan(1.25);
    },
  );
});

describe('covariance', () => {
  it('knows a small example by hand', () => {
    const { mean, covariance: matrix } = covariance([
      [1, 2, 3],
      [2, 4, 9],
    ]);
    expect([...mean]).toEqual([2, 5]);
    expect([...matrix]).toEqual([1, 3.5, 3.5, 13]);
    expect(correlation(matrix)[1]).toBeCloseTo(3.5 / Math.sqrt(13), 14);
  });
  it('refuses columns of unequal length', () => {
    expect(() => covariance([[1, 2], [1]])).toThrow('columns 0 and 1 must have the same length');
  });
});

describe('simulation-based calibration', () => {
  it('ranks the truth among evenly thinned draws of all chains', () => {
    const draws = Float64Array.from({ length: 400 }, (_, i) => i);
    expect(rankOfTruth(200.5, draws, 4, 100, 20)).toBe(10);
    expect(rankOfTruth(-1, draws, 4, 100, 20)).toBe(0);
    expect(rankOfTruth(1e9, draws, 4, 100, 20)).toBe(20);
    expect(rankOfTruth(1, draws.fill(Number.NaN), 4, 100, 20)).toBeNaN();
    expect(() => rankOfTruth(1, draws, 4, 100, 401)).toThrow('count is 401');
  });

  it('accepts calibrated ranks and rejects posteriors that are too narrow', () => {
    const items = 256;
    const maxRank = 63;
    const rankAll = (width: number): number[] => {
      const truths = normals(61, items);
      const data = normals(62, items).map((v, i) => truths[i] + v);
      return [...truths].map((truth, i) => {
        // Posterior of a N(0, 1) truth seen with unit noise: N(data/2, 1/2).
        const draws = normals(1000 + i, maxRank).map((v) => data[i] / 2 + width * Math.SQRT1_2 * v);
        return rankOfTruth(truth, draws, 1, maxRank, maxRank);
      });
    };
    const calibrated = sbcUniformity(rankAll(1), maxRank, 16);
    expect(calibrated.ks.pValue).toBeGreaterThan(0.01);
    expect(Math.max(...calibrated.ecdfDifference.map(Math.abs))).toBeLessThan(calibrated.band);
    expect(calibrated.counts.reduce((sum, v) => sum + v, 0)).toBe(items);
    const narrow = sbcUniformity(rankAll(0.5), maxRank, 16);
    expect(narrow.ks.pValue).toBeLessThan(1e-3);
    expect(narrow.counts[0]).toBeGreaterThan(2 * narrow.expectedCount);
  });

  it('refuses bins that hold unequal numbers of ranks, and ranks that are none', () => {
    const ranks = uniforms(3, 10).map((u) => Math.floor(u * 64));
    expect(() => sbcUniformity(ranks, 63, 10)).toThrow('10 bins do not divide the 64 possible ranks');
    expect(() => sbcUniformity([Number.NaN], 63, 8)).toThrow('ranks[0] is NaN');
  });
});
