import { describe, expect, it } from 'vitest';
import { level0Spec } from '../test-support/specs.ts';
import { logPrior, naturalSlopes, priorCurvature, toBasic, toNatural, toUnconstrained } from './transform.ts';

const spec = level0Spec(8);
const q = Float64Array.from([0.12, -0.3, 1.3, -0.4, Math.log(800), Math.log(4), 0.2, -0.1]);

function shifted(i: number, by: number): Float64Array {
  const moved = q.slice();
  moved[i] += by;
  return moved;
}

describe('coordinates', () => {
  it('go to natural values and back', () => {
    const theta = toNatural(spec, q);
    expect(Math.abs(theta[2])).toBeLessThan(0.5);
    Array.from(toUnconstrained(spec, theta)).forEach((value, i) => {
      expect(value).toBeCloseTo(q[i], 13);
    });
  });

  it('have the slopes that differences show', () => {
    const slopes = naturalSlopes(spec, q);
    for (let i = 0; i < 8; i++) {
      const numeric = (toNatural(spec, shifted(i, 1e-5))[i] - toNatural(spec, shifted(i, -1e-5))[i]) / 2e-5;
      expect(numeric / slopes[i]).toBeCloseTo(1, 8);
    }
  });

  it('L = ∂basic/∂q equals differences', () => {
    const basic = (p: Float64Array) => {
      const out = new Float64Array(6);
      toBasic(spec, p, out, new Float64Array(48));
      return out;
    };
    const jacobian = new Float64Array(48);
    toBasic(spec, q, new Float64Array(6), jacobian);
    for (let j = 0; j < 8; j++) {
      const up = basic(shifted(j, 1e-5));
      const down = basic(shifted(j, -1e-5));
      for (let i = 0; i < 6; i++) {
        const numeric = (up[i] - down[i]) / 2e-5;
        expect(Math.abs(numeric - jacobian[i * 8 + j])).toBeLessThan(1e-7 * Math.max(1, Math.abs(numeric)));
      }
    }
  });

  it('an area-preserving shear leaves det T = hlr⁴', () => {
    const basic = new Float64Array(6);
    toBasic(spec, q, basic, new Float64Array(48));
    expect((basic[3] * basic[5] - basic[4] ** 2) / 4 ** 4).toBeCloseTo(1, 12);
  });

  it('a distortion equals two shears of the half: e = 2g/(1+g²)', () => {
    const shear = 0.2;
    const sheared = new Float64Array(6);
    const distorted = new Float64Array(6);
    const at = (g: number, e: number) => Float64Array.from([g, 0, 0, 0, 0, 0, e, 0]);
    toBasic(spec, at(shear, 0), sheared, new Float64Array(48));
    toBasic(spec, at(0, (2 * shear) / (1 + shear ** 2)), distorted, new Float64Array(48));
    for (let i = 3; i < 6; i++) expect(distorted[i]).toBeCloseTo(sheared[i], 12);
  });
});

describe('log prior', () => {
  it('has the gradient that differences give', () => {
    const gradient = new Float64Array(8);
    logPrior(spec, q, gradient);
    for (let i = 0; i < 8; i++) {
      const at = (by: number) => logPrior(spec, shifted(i, by), new Float64Array(8));
      expect((at(1e-5) - at(-1e-5)) / 2e-5).toBeCloseTo(gradient[i], 5);
    }
  });

  it('curvature is minus the second derivative of the sampler density', () => {
    const curvature = priorCurvature(spec, q);
    for (let i = 0; i < 8; i++) {
      const gradientAt = (by: number) => {
        const gradient = new Float64Array(8);
        logPrior(spec, shifted(i, by), gradient);
        return gradient[i];
      };
      expect((gradientAt(-1e-5) - gradientAt(1e-5)) / 2e-5 / curvature[i]).toBeCloseTo(1, 6);
    }
  });

  it('with the logit Jacobian is uniform in the position: density in q is proportional to dx/dq', () => {
    const density = (t: number) => {
      const p = q.slice();
      p[2] = t;
      return Math.exp(logPrior(spec, p, new Float64Array(8))) / naturalSlopes(spec, p)[2];
    };
    expect(density(2.5) / density(-0.7)).toBeCloseTo(1, 12);
  });
});
