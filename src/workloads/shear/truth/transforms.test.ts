import { describe, expect, it } from 'vitest';
import { logGamma, sersicB } from './gamma.ts';
import { moffatTransform, scaledBesselK } from './moffat.ts';
import { galaxyProfile } from './profiles.ts';
import { sersicTransform } from './sersic.ts';

const wavenumbers = [0.003, 0.05, 0.4, 1, 2.7, 9, 40];

describe('logGamma', () => {
  it('gives log Γ at known points', () => {
    expect(logGamma({ re: 0.5, im: 0 }).re).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
    expect(logGamma({ re: 5, im: 0 }).re).toBeCloseTo(Math.log(24), 13);
    // |Γ(1/2 + iy)|² = π / cosh(πy), DLMF 5.4.4.
    expect(logGamma({ re: 0.5, im: 3 }).re).toBeCloseTo(0.5 * Math.log(Math.PI / Math.cosh(3 * Math.PI)), 13);
  });
});

describe('Sérsic profiles', () => {
  it('know b of the exponential, the de Vaucouleurs and the Gaussian profile', () => {
    expect(sersicB(1)).toBeCloseTo(1.6783469900166605, 13);
    expect(sersicB(4)).toBeCloseTo(7.669249442500804, 12);
    expect(sersicB(0.5)).toBeCloseTo(Math.LN2, 14);
  });

  it('transform to the closed forms at n = 1 and n = 1/2', () => {
    for (const [n, profile] of [
      [1, 'exponential'],
      [0.5, 'gaussian'],
    ] as const) {
      const transform = sersicTransform(n);
      for (const k of wavenumbers) {
        expect(Math.abs(transform(Math.log(k)) - galaxyProfile(profile, n).amplitude(k * k))).toBeLessThan(1e-11);
      }
    }
  });

  it('hold half of their light within one half-light radius', () => {
    for (const n of [0.5, 1, 2.5, 4, 6]) {
      const { brightness } = galaxyProfile('sersic', n);
      let inside = 0;
      // The substitution r = t^(2n) makes the integrand smooth at the centre.
      const steps = 4000;
      for (let i = 0; i < steps; i++) {
        const t = (i + 0.5) / steps;
        inside += (2 * Math.PI * t ** (2 * n) * brightness(t ** (2 * n)) * 2 * n * t ** (2 * n - 1)) / steps;
      }
      expect(inside).toBeCloseTo(0.5, 6);
    }
  });
});

describe('Moffat PSF', () => {
  it('knows Bessel functions of half-integer order in closed form', () => {
    for (const z of [1e-3, 0.1, 1, 7, 30]) {
      const half = Math.sqrt(Math.PI / 2) * Math.exp(-z);
      expect(scaledBesselK(0.5, z) / half).toBeCloseTo(1, 13);
      expect(scaledBesselK(1.5, z) / (half * (1 + z))).toBeCloseTo(1, 13);
      expect(scaledBesselK(-0.5, z) / (half / z)).toBeCloseTo(1, 13);
    }
  });

  it('transforms to e^(−z) (1 + z) at β = 5/2', () => {
    const transform = moffatTransform(2.5);
    for (const z of wavenumbers) {
      expect(Math.abs(transform(Math.log(z)) - Math.exp(-z) * (1 + z))).toBeLessThan(1e-11);
    }
  });
});
