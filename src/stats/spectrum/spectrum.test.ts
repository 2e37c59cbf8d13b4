import { describe, expect, it } from 'vitest';
import { normals } from '../fixtures/draws.ts';
import { densityGrid, densityWidth, gaussianDensity, negativeShare, slqDensity } from './density.ts';
import { groupShares, participation } from './participation.ts';
import { ritzValues } from './ritz.ts';
import { hutchinson, hutchinsonSd, samplesForError } from './trace.ts';
import { tridiagonalEigen, tridiagonalVectors } from './tridiagonal.ts';

const filled = (length: number, value: number) => new Float64Array(length).fill(value);
const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);

describe('tridiagonal matrices', () => {
  it.each([1, 2, 3, 25, 200])('second differences of %d points: 2 + 2 cos(kπ/(m + 1)), sines as vectors', (m) => {
    const { values, first, last } = tridiagonalEigen(filled(m, 2), filled(m - 1, -1));
    // Descending: value j belongs to k = m − j of the ascending ones.
    const angle = (j: number) => ((m - j) * Math.PI) / (m + 1);
    const sine = (j: number, place: number) => Math.sqrt(2 / (m + 1)) * Math.sin((place + 1) * angle(j));
    expect(
      worst(
        values,
        Array.from(values, (_, j) => 2 - 2 * Math.cos(angle(j))),
      ),
    ).toBeLessThan(1e-13);
    for (let j = 0; j < m; j++) {
      const sign = Math.sign(sine(j, 0));
      expect(Math.abs(first[j] - Math.abs(sine(j, 0)))).toBeLessThan(1e-13);
      expect(Math.abs(last[j] - sign * sine(j, m - 1))).toBeLessThan(1e-13);
    }
  });

  it("Wilkinson's W21+: two values that agree to 14 digits", () => {
    const diagonal = Array.from({ length: 21 }, (_, i) => Math.abs(i - 10));
    const { values } = tridiagonalEigen(diagonal, filled(20, 1));
    // Wilkinson, The Algebraic Eigenvalue Problem (1965), p. 309.
    for (const [at, told] of [
      [0, 10.746194182903393],
      [1, 10.746194182903322],
      [2, 9.210678647361332],
      [20, -1.125441522119985],
    ])
      expect(Math.abs(values[at] - told)).toBeLessThan(1e-13);
  });

  it('Clement: whole numbers n, n − 2, …, −n', () => {
    const n = 12;
    const off = Array.from({ length: n }, (_, k) => Math.sqrt((k + 1) * (n - k)));
    const { values } = tridiagonalEigen(filled(n + 1, 0), off);
    expect(
      worst(
        values,
        Array.from({ length: n + 1 }, (_, k) => n - 2 * k),
      ),
    ).toBeLessThan(1e-13);
  });

  it('vectors are orthonormal, solve A v = θ v, and end in what the short form gives', () => {
    const m = 30;
    const [diagonal, off] = [normals(3, m), normals(4, m - 1).map((v, k) => (k === 11 ? 0 : v))];
    const { values, vectors } = tridiagonalVectors(diagonal, off);
    const short = tridiagonalEigen(diagonal, off);
    expect(Array.from(short.values)).toEqual(Array.from(values));
    for (let j = 0; j < m; j++) {
      const v = vectors.subarray(j * m, (j + 1) * m);
      expect(Math.abs(v[0])).toBe(short.first[j]);
      expect(v[m - 1]).toBe(short.last[j]);
      for (let k = 0; k < m; k++) {
        const image = diagonal[k] * v[k] + (k > 0 ? off[k - 1] * v[k - 1] : 0) + (k < m - 1 ? off[k] * v[k + 1] : 0);
        expect(Math.abs(image - values[j] * v[k])).toBeLessThan(1e-13);
      }
      for (let other = 0; other <= j; other++) {
        let dot = 0;
        for (let k = 0; k < m; k++) dot += v[k] * vectors[other * m + k];
        expect(Math.abs(dot - (other === j ? 1 : 0))).toBeLessThan(1e-13);
      }
    }
  });

  it('refuses what is no matrix', () => {
    expect(() => tridiagonalEigen([], [])).toThrow('the diagonal is empty');
    expect(() => tridiagonalEigen([1, 2, 3], [1])).toThrow('a diagonal of 3 needs 2 entries beside it, got 1');
    expect(() => tridiagonalEigen([1, Number.NaN], [1])).toThrow('row 1 of the tridiagonal matrix is not finite');
  });
});

/** Lanczos with full reorthogonalisation on a diagonal operator. */
function lanczos(eigenvalues: Float64Array, start: Float64Array, steps: number) {
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);
  const scaled = (a: Float64Array, by: number) => a.map((v) => v * by);
  const basis = [scaled(start, 1 / Math.sqrt(dot(start, start)))];
  const [alpha, beta]: [number[], number[]] = [[], []];
  for (let step = 0; step < steps; step++) {
    const image = basis[step].map((v, i) => v * eigenvalues[i]);
    alpha.push(dot(basis[step], image));
    for (let pass = 0; pass < 2; pass++) {
      for (const q of basis) {
        const share = dot(q, image);
        for (let i = 0; i < image.length; i++) image[i] -= share * q[i];
      }
    }
    beta.push(Math.sqrt(dot(image, image)));
    basis.push(scaled(image, 1 / beta[step]));
  }
  return { alpha, beta };
}

describe('spectra', () => {
  const eigenvalues = normals(8, 120).map((v, i) => (i === 0 ? 9 : v));
  const spectra = Array.from({ length: 6 }, (_, k) => ritzValues(lanczos(eigenvalues, normals(20 + k, 120), 16)));

  it('Ritz values stay within their bounds of an eigenvalue, and moments up to 2m − 1 are exact', () => {
    const start = normals(20, 120);
    const size = start.reduce((sum, v) => sum + v * v, 0);
    const { values, weights, bounds } = spectra[0];
    for (let j = 0; j < 16; j++) {
      const nearest = eigenvalues.reduce(
        (best, v) => Math.min(best, Math.abs(v - values[j])),
        Number.POSITIVE_INFINITY,
      );
      expect(nearest).toBeLessThanOrEqual(bounds[j] + 1e-13);
    }
    expect(bounds[0]).toBeLessThan(1e-6);
    for (const power of [0, 1, 2, 5, 9]) {
      const seen = values.reduce((sum, v, j) => sum + weights[j] * v ** power, 0);
      const exact = eigenvalues.reduce((sum, v, i) => sum + (start[i] ** 2 / size) * v ** power, 0);
      expect(seen / exact).toBeCloseTo(1, 10);
    }
  });

  it('has no bounds where the last β is not told, and refuses more β than steps', () => {
    expect(ritzValues({ alpha: [1, 2], beta: [0.5] }).bounds).toEqual(Float64Array.of(Number.NaN, Number.NaN));
    expect(() => ritzValues({ alpha: [1], beta: [1, 2] })).toThrow('1 α belong to at most 1 β, got 2');
  });

  it('density integrates to 1, agrees with the exact one within its spread, and counts the negative share', () => {
    const sigma = densityWidth([{ values: eigenvalues }], 0.05);
    const grid = densityGrid([{ values: eigenvalues }], sigma, 301);
    const exact = gaussianDensity(eigenvalues, grid, sigma);
    const { mean, sd, probes } = slqDensity(spectra, grid, sigma);
    const width = grid[1] - grid[0];
    const area = (curve: Float64Array) => curve.reduce((sum, v) => sum + v * width, 0);
    expect(area(exact)).toBeCloseTo(1, 2);
    expect(area(mean)).toBeCloseTo(area(exact), 3);
    const scatter = Math.sqrt(area(sd.map((v) => v * v)) / probes);
    expect(Math.sqrt(area(mean.map((v, at) => (v - exact[at]) ** 2)))).toBeLessThan(3 * scatter);
    const { mean: share, error } = negativeShare(spectra, 0.02);
    const told = eigenvalues.filter((v) => v < -0.06).length / 120;
    expect(Math.abs(share - told)).toBeLessThan(4 * error);
    expect(() => gaussianDensity([1], [0], 0)).toThrow('a smoothed density needs a positive width');
  });

  it("Hutchinson's spread is the exact one, and the number of vectors follows from it", () => {
    // H = [[1, 3], [3, −2]]: zᵀHz = −1 ± 6.
    const { mean, error, n } = hutchinson([5, -7, 5, -7]);
    expect([mean, n]).toEqual([-1, 4]);
    expect(error).toBeCloseTo(Math.sqrt(48) / 2, 12);
    expect(hutchinsonSd(Math.sqrt(1 + 9 + 9 + 4), [1, -2])).toBeCloseTo(6, 12);
    expect(samplesForError(6, 0.5)).toBe(144);
    expect(samplesForError(0, 0.5)).toBe(2);
  });

  it('participation counts coordinates, shares go to groups', () => {
    expect(participation([0, 3, 0])).toBe(1);
    expect(participation([-2, 2, 2, -2])).toBe(4);
    expect(Array.from(groupShares([1, 2, 2, 4], [1, 2, 1]))).toEqual([0.04, 0.32, 0.64]);
    expect(() => groupShares([1, 2], [1])).toThrow('groups of 1 entries in all do not fit 2');
  });
});
