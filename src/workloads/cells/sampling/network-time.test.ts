import { describe, expect, it } from 'vitest';
import { PLAIN } from '../test-support/laws.ts';
import { sigmaOfSteps } from './network-time.ts';

describe('the time that a network is told', () => {
  it('is that of the grid, and of what the walk leaves for the denoising', () => {
    const sigmas = sigmaOfSteps({ ...PLAIN, genes: 7, steps: 2 });
    expect(sigmas).toHaveLength(3);
    // σ(1) = −ln ε, σ(½) = −ln(1 − 0.999/2), σ(1e-5) = 0.999e-5.
    expect(sigmas[0]).toBeCloseTo(6.907755, 5);
    expect(sigmas[1]).toBeCloseTo(-Math.log(1 - (0.999 * (1 + 1e-5)) / 2), 12);
    expect(sigmas[2]).toBeCloseTo(0.999e-5, 9);
  });

  it('is that of an equal share of masks for rules by rank', () => {
    const sigmas = sigmaOfSteps({ ...PLAIN, genes: 4, rule: 'first-hitting' });
    const masked = Array.from(sigmas, (sigma) => -Math.expm1(-sigma) / 0.999);
    [1, 0.75, 0.5, 0.25].forEach((share, k) => {
      expect(masked[k]).toBeCloseTo(share, 12);
    });
  });

  it('ends at 0.01 by the rule of the origin', () => {
    const sigmas = sigmaOfSteps({ ...PLAIN, genes: 4, rule: 'origin', steps: 5 });
    expect([sigmas.length, sigmas[5]]).toEqual([6, 0.01]);
  });
});
