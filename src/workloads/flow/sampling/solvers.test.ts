/** The solvers' own arithmetic, with a velocity field that is known: data of N(m, s²), noise of N(0, 1), one dimension. */
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../../stats/normal.ts';
import { threefry2x32, uniform01 } from '../../../stats/threefry.ts';
import { diffusionStart, edmStep, vpStep } from './diffusion-twin.ts';
import { AdaptiveWalk, DEFAULT_TOLERANCE } from './dopri5.ts';
import { DEFAULT_DIFFUSION, edmSigmas, scheduleOf, vpPath } from './schedule.ts';
import { defaultSteps, evaluationsOf, SOLVERS, SPACINGS, type Spacing, stepTime } from './solvers.ts';
import { driven } from './step.ts';

const MEAN = 0.6;
const SD = 0.2;

/** E[x₁ − x₀ | y] on the straight path. */
function velocity([y]: Float64Array, t: number, sd = SD): Float64Array {
  const variance = t * t * sd * sd + (1 - t) * (1 - t);
  return Float64Array.of(MEAN + ((t * sd * sd - (1 - t)) * (y - t * MEAN)) / variance);
}

const normal = (i: number, purpose: number) => normalQuantile(uniform01(threefry2x32([7, purpose], [i, 0])[0]));

describe('solvers with a known field', () => {
  it('Dormand and Prince carry the normal to the data’s', () => {
    for (const noise of [-2, 0.3, 1.7]) {
      const walk = new AdaptiveWalk(Float64Array.of(noise), DEFAULT_TOLERANCE);
      while (!walk.done) driven(walk.attempt(), velocity);
      expect(walk.x[0]).toBeCloseTo(MEAN + SD * noise, 3);
    }
  });

  it.each(SPACINGS)('steps of %s spacing go from 0 to 1 without a gap', (spacing) => {
    let end = 0;
    for (let step = 0; step < 7; step++) {
      const { t, h } = stepTime(step, 7, spacing);
      expect(t).toBeCloseTo(end, 14);
      expect(h).toBeCloseTo(spacing === 'uniform' ? 1 / 7 : (2 * (7 - step) - 1) / 49, 14);
      end = t + h;
    }
    expect(end).toBeCloseTo(1, 14);
  });

  it('midpoint is of second order in either spacing, and the later steps follow a narrow posterior more closely', () => {
    const errorOf = (steps: number, spacing: Spacing, noise: number, sd = SD) => {
      let y = Float64Array.of(noise);
      for (let step = 0; step < steps; step++) {
        const { t, h } = stepTime(step, steps, spacing);
        const half = y.map((value, i) => value + (h / 2) * velocity(y, t, sd)[i]);
        y = y.map((value, i) => value + h * velocity(half, t + h / 2, sd)[i]);
      }
      return Math.abs(y[0] - (MEAN + sd * noise));
    };
    for (const noise of [-2, 0.3, 1.7]) {
      for (const spacing of SPACINGS)
        expect(errorOf(80, spacing, noise)).toBeLessThan(errorOf(40, spacing, noise) / 3.5);
      expect(errorOf(10, 'late', noise, 0.05)).toBeLessThan(errorOf(10, 'uniform', noise, 0.05) / 10);
    }
  });

  it('EDM carries it there, by a method of second order', () => {
    const errorOf = (steps: number, noise: number) => {
      let y = Float64Array.of(diffusionStart('edm', steps, DEFAULT_DIFFUSION) * noise);
      for (let step = 0; step < steps; step++)
        y = Float64Array.from(driven(edmStep(y, step, steps, DEFAULT_DIFFUSION), velocity));
      // It starts at σ = 80 as if the data had no mean.
      return Math.abs(y[0] - (MEAN + SD * (noise - MEAN / 80)));
    };
    for (const noise of [-2, 0.3, 1.7]) {
      expect(errorOf(18, noise)).toBeLessThan(0.2 * SD);
      expect(errorOf(72, noise)).toBeLessThan(errorOf(36, noise) / 3);
      expect(errorOf(288, noise)).toBeLessThan(2e-4);
    }
  });

  it('the VP equation ends with the data’s mean and spread', () => {
    const steps = 300;
    const samples = Array.from({ length: 2000 }, (_, i) => {
      let y = Float64Array.of(diffusionStart('vp_sde', steps, DEFAULT_DIFFUSION) * normal(i, 0));
      for (let step = 0; step < steps; step++)
        y = Float64Array.from(
          driven(vpStep(y, step, steps, DEFAULT_DIFFUSION, Float64Array.of(normal(i, 1 + step))), velocity),
        );
      return y[0];
    });
    const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
    const sd = Math.sqrt(samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / samples.length);
    // Four standard errors are 0.018 and 0.013; the start at N(0, 1) leaves 0.007 of the mean.
    expect(Math.abs(mean - MEAN)).toBeLessThan(0.025);
    expect(Math.abs(sd - SD)).toBeLessThan(0.018);
  });
});

describe('schedules', () => {
  it('EDM’s noise falls from 80 to 0.002 and to nothing', () => {
    const sigmas = edmSigmas(18, DEFAULT_DIFFUSION);
    expect(sigmas).toHaveLength(19);
    expect(sigmas[0]).toBeCloseTo(80, 10);
    expect(sigmas[17]).toBeCloseTo(0.002, 10);
    expect(sigmas[18]).toBe(0);
    // Table 1 of Karras et al. for ρ = 7, by hand: (80^(1/7) + (0.002^(1/7) − 80^(1/7))/17)^7.
    expect(sigmas[1]).toBeCloseTo(57.586, 2);
    expect(edmSigmas(1, DEFAULT_DIFFUSION)).toEqual([expect.closeTo(80, 10), 0]);
  });

  it('VP keeps the variance and begins with the data', () => {
    for (const s of [0, 0.2, 1]) {
      const { alpha, sigma } = vpPath(s, DEFAULT_DIFFUSION);
      expect(alpha ** 2 + sigma ** 2).toBeCloseTo(1, 12);
    }
    expect(vpPath(0, DEFAULT_DIFFUSION)).toMatchObject({ alpha: 1, sigma: 0, t: 1, beta: 0.001 });
    expect(vpPath(1, DEFAULT_DIFFUSION).alpha).toBeCloseTo(Math.exp(-0.75025), 12);
  });

  it.each(['edm', 'vp_sde'] as const)('%s has finite coefficients at both ends', (solver) => {
    for (const steps of [1, 2, 18, 1000]) {
      const { rows, start } = scheduleOf(solver, steps);
      expect(rows).toHaveLength(4 * steps);
      expect(rows.every(Number.isFinite)).toBe(true);
      expect(start).toBeGreaterThan(0);
      if (solver === 'vp_sde') expect(rows[4 * steps - 1]).toBe(0);
    }
  });

  it('counts evaluations', () => {
    expect(SOLVERS.map((solver) => evaluationsOf(solver, 10))).toEqual([10, 20, 20, 40, 61, 10, 10, 19, 10]);
    expect(evaluationsOf('edm', defaultSteps('edm'))).toBe(35);
  });
});
