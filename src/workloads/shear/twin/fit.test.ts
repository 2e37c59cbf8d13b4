import { describe, expect, it } from 'vitest';
import { galsimStamps } from '../test-support/galsim.ts';
import { level0Spec, stampSpec, withNoise } from '../test-support/specs.ts';
import { describeFit } from './draws.ts';
import { fitPosterior } from './fit.ts';
import { whitening } from './metric.ts';
import { ShearPosterior } from './posterior.ts';
import { toNatural } from './transform.ts';

describe('fit', () => {
  it.each(galsimStamps)('$name: recovers the shear of a noise-free stamp with |m| ≤ 1e-4', (stamp) => {
    const spec = stampSpec(stamp);
    const { q } = fitPosterior(new ShearPosterior(spec, Float32Array.from(stamp.pixels)));
    const theta = toNatural(spec, q);
    expect(Math.abs(theta[0] / stamp.galaxy.g1 - 1)).toBeLessThan(1e-4);
    expect(Math.abs(theta[1] / stamp.galaxy.g2 - 1)).toBeLessThan(1e-4);
    expect(Math.abs(theta[2] - stamp.galaxy.xc)).toBeLessThan(1e-5);
    expect(Math.abs(theta[3] - stamp.galaxy.yc)).toBeLessThan(1e-5);
  });

  it.each([4, 6, 8] as const)('d = %d: ends where the gradient of its objective vanishes', (free) => {
    const spec = level0Spec(free);
    const blank = new ShearPosterior(spec, new Float32Array(48 * 48));
    const q = [0.05, 0.03, 0.5, -0.7, Math.log(1100), Math.log(4.6), 0.04, 0.02].slice(0, free);
    const posterior = new ShearPosterior(spec, withNoise(blank.image(Float64Array.from(q)), 0.1, 11));
    const fit = fitPosterior(posterior);
    expect(posterior.gradients).toBe(13);
    const gradient = new Float64Array(free);
    posterior.logDensity(fit.q, gradient, true);
    // In units of the posterior's own width.
    const w = whitening(fit.curvature, free);
    for (let j = 0; j < free; j++) {
      const slope = gradient.reduce((sum, g, i) => sum + w[i * free + j] * g, 0);
      expect(Math.abs(slope)).toBeLessThan(1e-3);
    }
  });

  it('finds the Fisher widths at level0: σ(g) 1.977e-3, σ(x) 8.0e-3 px, σ(y) 7.7e-3 px', () => {
    const spec = level0Spec();
    const flat = { ...spec, prior: { ...spec.prior, g1: { mean: 0, sigma: 100 }, g2: { mean: 0, sigma: 100 } } };
    const stamp = galsimStamps.find((s) => s.name === 'level0_seed 2')!;
    const posterior = new ShearPosterior(flat, Float32Array.from(stamp.pixels));
    const { sd, mean } = describeFit(flat, fitPosterior(posterior), 0);
    expect(sd[0]).toBeCloseTo(1.977e-3, 5);
    expect(sd[1]).toBeCloseTo(1.977e-3, 5);
    expect(sd[2]).toBeCloseTo(8.0e-3, 4);
    expect(sd[3]).toBeCloseTo(7.7e-3, 4);
    expect(mean[2]).toBeCloseTo(24, 6);
  });
});

describe('metric', () => {
  it('whitens: Wᵀ H W = I', () => {
    const spec = level0Spec(8);
    const posterior = new ShearPosterior(spec, withNoise(new Float64Array(48 * 48), 0.1, 3));
    const q = Float64Array.from([0.02, -0.01, 0, 0, Math.log(1000), Math.log(5), 0, 0]);
    const h = new Float64Array(64);
    posterior.logDensity(q, new Float64Array(8), true);
    posterior.curvatureInto(q, h);
    const w = whitening(h, 8);
    for (let a = 0; a < 8; a++) {
      for (let b = 0; b < 8; b++) {
        let sum = 0;
        for (let i = 0; i < 8; i++) for (let j = 0; j < 8; j++) sum += w[i * 8 + a] * h[i * 8 + j] * w[j * 8 + b];
        expect(sum).toBeCloseTo(a === b ? 1 : 0, 9);
      }
    }
  });

  it('falls back to the diagonal where the curvature is singular or ill-conditioned', () => {
    for (const singular of [
      [1, 1, 1, 1],
      [4, 0, 0, 4e-9],
    ]) {
      const w = whitening(Float64Array.from(singular), 2);
      expect(Array.from(w)).toEqual([1 / Math.sqrt(singular[0]), 0, 0, 1 / Math.sqrt(singular[3])]);
    }
  });
});
