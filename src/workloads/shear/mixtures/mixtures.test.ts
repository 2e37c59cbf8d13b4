import { describe, expect, it } from 'vitest';
import { blur } from './blur.ts';
import { chooseMixture } from './choose.ts';
import { mixtureError } from './derive.ts';
import { sersicB, sersicProfile } from './profiles.ts';
import { deriveTable, findTable, radialProfile, storedTables } from './tables.ts';
import { deriveStored, WANTED } from './wanted.ts';

/** Integral of f over [0, outer] by Simpson's rule in u, r = u⁴ (Sérsic profiles are smooth in u). */
function integrate(f: (r: number) => number, outer: number): number {
  const n = 4000;
  const end = outer ** 0.25;
  let sum = 0;
  for (let i = 0; i <= n; i++) {
    const u = (i * end) / n;
    const weight = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * f(u ** 4) * 4 * u ** 3;
  }
  return (sum * end) / n / 3;
}

describe('profiles', () => {
  it.each([0.5, 1, 2.5, 4])('Sérsic n = %d has unit flux, half of it within the half-light radius', (n) => {
    const { value } = sersicProfile(n);
    const flux = (outer: number) => integrate((r) => 2 * Math.PI * r * value(r), outer);
    expect(flux(1)).toBeCloseTo(0.5, 9);
    expect(flux(4000)).toBeCloseTo(1, 7);
  });

  it('uses the exponential disk b = 1.67834699…', () => {
    expect(sersicB(1)).toBeCloseTo(1.6783469900166605, 13);
  });

  it('blurs an exponential as a direct two-dimensional sum does', () => {
    const sigma = 0.2;
    const { value } = sersicProfile(1);
    const at = [0, 0.3, 1.1];
    const curve = blur(sersicProfile(1), sigma, Float64Array.from(at));
    at.forEach((r, i) => {
      // Polar sum around the galaxy's centre, where its cusp is.
      const ring = (s: number) => {
        let sum = 0;
        for (let j = 0; j < 64; j++) {
          const angle = (2 * Math.PI * j) / 64;
          const dd = r * r + s * s - 2 * r * s * Math.cos(angle);
          sum += Math.exp(-0.5 * (dd / sigma ** 2)) / 64;
        }
        return (sum * value(s) * s) / sigma ** 2;
      };
      expect(curve.value[i]).toBeCloseTo(integrate(ring, 4), 8);
    });
  });
});

describe('stored tables', () => {
  it('are all that is wanted, in order', () => {
    expect(storedTables.map((t) => [t.family, t.index, t.blur])).toEqual(
      WANTED.map((w) => [w.family, w.index, w.blur]),
    );
  });

  it.each(storedTables)('$family $index through blur $blur: positive, sums to 1, error as stated', (table) => {
    const mixture = table.amplitude.map((amplitude, k) => ({ amplitude, variance: table.variance[k] }));
    expect(mixture.every((c) => c.amplitude > 0 && c.variance > 0)).toBe(true);
    expect(table.amplitude.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    const error = mixtureError(radialProfile(table.family, table.index), mixture, table.blur);
    expect(error.ofPeak).toBeLessThan(1.02 * table.ofPeak + 1e-10);
    expect(Math.abs(error.shear)).toBeLessThan(1.02 * Math.abs(table.shear) + 1e-9);
  });

  it('come out of the derivation again', () => {
    const index = WANTED.findIndex((w) => w.index === 1 && w.blur === 0.2 && w.counts[0] === 6);
    const fresh = deriveStored(WANTED[index]);
    fresh.variance.forEach((v, k) => {
      expect(v / storedTables[index].variance[k]).toBeCloseTo(1, 6);
    });
  });

  it.each([1, 2.5, 4])('keep half of the light of n = %d within the half-light radius', (index) => {
    const table = findTable('sersic', index, 0.2, 'standard');
    const inside = table.amplitude.reduce((sum, a, k) => sum + a * (1 - Math.exp(-0.5 / table.variance[k])), 0);
    expect(inside).toBeCloseTo(0.5, 3);
  });
});

describe('chooseMixture', () => {
  it('draws a Gaussian galaxy exactly, with one component', () => {
    const chosen = chooseMixture({ sersicIndex: 0.5, hlrPx: 3 }, { kind: 'gaussian', sigmaPx: 1 });
    expect(chosen.components).toHaveLength(1);
    expect(chosen.ofPeak).toBe(0);
    expect(chosen.components[0].galaxyVariance).toBeCloseTo(1 / (2 * Math.log(2)), 14);
  });

  it('keeps the flux: amplitudes of galaxy × PSF sum to 1', () => {
    const chosen = chooseMixture({ sersicIndex: 1, hlrPx: 2.5 }, { kind: 'moffat', beta: 2.5, fwhmPx: 3.5 });
    expect(chosen.components).toHaveLength(chosen.galaxyCount * chosen.psfCount);
    expect(chosen.components.reduce((sum, c) => sum + c.amplitude, 0)).toBeCloseTo(1, 9);
  });

  it('takes more Gaussians for a sharper PSF and for a finer goal', () => {
    const count = (sigmaPx: number, accuracy: 'standard' | 'fine') =>
      chooseMixture({ sersicIndex: 1, hlrPx: 5 }, { kind: 'gaussian', sigmaPx }, accuracy).galaxyCount;
    expect(count(1, 'standard')).toBe(6);
    expect(count(0.6, 'standard')).toBeGreaterThan(6);
    expect(count(1, 'fine')).toBeGreaterThan(6);
  });

  it('meets its goal for indices and slopes that are not stored', () => {
    for (const index of [0.7, 1.3, 3.6]) {
      const chosen = chooseMixture({ sersicIndex: index, hlrPx: 4 }, { kind: 'gaussian', sigmaPx: 1.3 });
      expect(chosen.ofPeak).toBeLessThan(5e-5);
      expect(Math.abs(chosen.shear)).toBeLessThan(4e-5);
    }
    expect(deriveTable('moffat', 4.2, 0.2, 6, 1500).ofPeak).toBeLessThan(5e-5);
  });

  it('refuses an index it cannot draw, naming the field', () => {
    expect(() => chooseMixture({ sersicIndex: 9, hlrPx: 5 }, { kind: 'gaussian', sigmaPx: 1 })).toThrowError(
      /Sérsic index must lie between 0.5/,
    );
  });
});
