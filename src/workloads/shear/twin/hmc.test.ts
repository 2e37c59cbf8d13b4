import { describe, expect, it } from 'vitest';
import { level0Spec } from '../test-support/specs.ts';
import { DualAveraging } from './adaptation.ts';
import { hamiltonian, integrate, type LogDensity, type PhasePoint } from './integrator.ts';
import { reverseBits, stepJitter } from './streams.ts';

/** A correlated, slightly quartic density: nothing an integrator is exact for. */
const density: LogDensity = (z, gradient) => {
  gradient[0] = -z[0] - 0.5 * z[1] - 0.4 * z[0] ** 3;
  gradient[1] = -2 * z[1] - 0.5 * z[0];
  return -0.5 * z[0] ** 2 - z[1] ** 2 - 0.5 * z[0] * z[1] - 0.1 * z[0] ** 4;
};

function startPoint(): PhasePoint {
  const z = Float64Array.from([0.8, -0.6]);
  const gradient = new Float64Array(2);
  return { z, momentum: Float64Array.from([0.3, 1.1]), gradient, logDensity: density(z, gradient) };
}

describe.each(['leapfrog', 'minimal-norm'] as const)('%s', (integrator) => {
  it('is reversible', () => {
    const point = startPoint();
    integrate(density, integrator, 7, 0.3, point);
    point.momentum.forEach((p, i) => {
      point.momentum[i] = -p;
    });
    integrate(density, integrator, 7, 0.3, point);
    expect(point.z[0]).toBeCloseTo(0.8, 12);
    expect(point.z[1]).toBeCloseTo(-0.6, 12);
    expect(point.momentum[1]).toBeCloseTo(-1.1, 12);
  });

  it('has an energy error of order ε²', () => {
    const error = (stepSize: number) => {
      const point = startPoint();
      const before = hamiltonian(point);
      integrate(density, integrator, Math.round(1.2 / stepSize), stepSize, point);
      return hamiltonian(point) - before;
    };
    expect(error(0.05) / error(0.025)).toBeGreaterThan(3.6);
    expect(error(0.05) / error(0.025)).toBeLessThan(4.4);
  });
});

it('minimal norm errs less than leapfrog at the same cost', () => {
  const error = (integrator: 'leapfrog' | 'minimal-norm', steps: number, stepSize: number) => {
    const point = startPoint();
    const before = hamiltonian(point);
    integrate(density, integrator, steps, stepSize, point);
    return Math.abs(hamiltonian(point) - before);
  };
  expect(error('minimal-norm', 2, 0.6)).toBeLessThan(0.5 * error('leapfrog', 4, 0.3));
});

describe('adaptation', () => {
  it('settles where the acceptance meets the target', () => {
    const { sampler } = level0Spec();
    const averaging = new DualAveraging(sampler);
    for (let t = 0; t < 50_000; t++) averaging.update(Math.exp(-0.3 * averaging.stepSize));
    averaging.freeze();
    expect(averaging.stepSize).toBeCloseTo(-Math.log(0.8) / 0.3, 2);
  });

  it('stays below the stability limit however good the acceptance', () => {
    const { sampler } = level0Spec();
    const averaging = new DualAveraging(sampler);
    for (let t = 0; t < 100; t++) averaging.update(1);
    expect(averaging.stepSize).toBe(sampler.maxStepSize);
  });

  it('jitters by a van der Corput sequence between 0.7 and 1.3', () => {
    expect(reverseBits(1)).toBe(2 ** 31);
    expect(reverseBits(6)).toBe(2 ** 30 + 2 ** 29);
    expect(stepJitter(0, 0.3)).toBeCloseTo(1, 12);
    expect(stepJitter(1, 0.3)).toBeCloseTo(0.85, 12);
    expect(stepJitter(2, 0.3)).toBeCloseTo(1.15, 12);
  });
});
