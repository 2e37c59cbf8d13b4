/** The tasks and their exact posteriors; more draws of the same: `tasks.validate.ts`. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeNpy } from '../../../bundle/npy.ts';
import { ksTwoSample, ksUniform } from '../../../stats/ks.ts';
import { normalQuantile } from '../../../stats/normal.ts';
import { keyOfSeed, threefry2x32, uniform01 } from '../../../stats/threefry.ts';
import { calibrationRanks, column, massOfBox, meanAndSd } from '../test-support/exact-draws.ts';
import { gaussian } from './gaussian.ts';
import { gaussianMixture } from './gaussian-mixture.ts';
import { taskOf, tasks } from './index.ts';
import { insidePrior, logPrior } from './prior.ts';
import { slcp } from './slcp.ts';
import { SUMMARIES } from './summary.ts';
import { PosteriorError } from './task.ts';
import { truncatedNormal } from './truncated-normal.ts';
import { twoMoons } from './two-moons.ts';

const KEY = keyOfSeed(3);
/** Draws of a posterior that a box is laid around, and points inside it. */
const DRAWS = 10_000;
const each = tasks.map((task) => [task.id, task] as const);

describe.each(each)('task %s', (_, task) => {
  it('has names, observations of its shape, and is found by id', () => {
    expect(taskOf(task.id)).toBe(task);
    expect(task.parameters).toHaveLength(task.thetaDim);
    expect(task.observations.length).toBeGreaterThanOrEqual(5);
    expect(new Set(task.observations.map(({ id }) => id)).size).toBe(task.observations.length);
    for (const { theta, x } of task.observations) {
      expect([theta.length, x.length]).toEqual([task.thetaDim, task.xDim]);
      expect(insidePrior(task.prior, theta)).toBe(true);
      expect(Number.isFinite(task.logLikelihood(theta, x))).toBe(true);
    }
  });

  it('makes the same simulation from the same address alone', () => {
    const { theta, x } = task.simulate(KEY, 4_000_000_000);
    expect(task.simulate(KEY, 4_000_000_000)).toEqual({ theta, x });
    expect(task.simulateAt(theta, KEY, 4_000_000_000)).toEqual(x);
    expect(task.simulate(KEY, 1).x).not.toEqual(x);
    expect(task.simulate(keyOfSeed(4), 4_000_000_000).x).not.toEqual(x);
  });

  it('has a posterior in proportion to likelihood and prior', () => {
    for (const { x } of task.observations.slice(0, 3)) {
      const density = task.posteriorLogDensity(x);
      const draws = task.samplePosterior(x, 50, KEY);
      const evidence = Array.from({ length: 50 }, (_, i) => {
        const theta = draws.subarray(i * task.thetaDim, (i + 1) * task.thetaDim);
        return task.logLikelihood(theta, x) + logPrior(task.prior, theta) - density(theta);
      });
      expect(Math.max(...evidence) - Math.min(...evidence)).toBeLessThan(1e-9);
    }
  });

  it('has a normalised density that its draws follow', () => {
    for (const { x } of task.observations.slice(-2)) {
      const wide = task.thetaDim > 2 ? 1.2 : 0.6;
      // As many as leave enough inside; of the two whose draws take longest no more.
      const n = { shear: DRAWS, slcp: 25_000 }[task.id] ?? 40_000;
      const [share, integral] = massOfBox(task, x, (sd) => wide * sd, n);
      expect(share * n).toBeGreaterThan(100);
      // Four standard errors of the count, whatever the number of draws.
      expect(Math.abs(integral / share - 1)).toBeLessThan(0.05 + 4 / Math.sqrt(share * n));
    }
  });

  it('passes simulation-based calibration: ranks of the truth among exact draws are uniform', () => {
    // The p-value allows for the number of simulations: one in a thousand is below the bound, with a hundred as with more.
    const ranks = calibrationRanks(task, 100);
    for (const values of ranks) expect(ksUniform(values).pValue).toBeGreaterThan(1e-3);
  });

  it('gives the first draws again when asked for more', () => {
    const { x } = task.observations[0];
    const few = task.samplePosterior(x, 5, KEY);
    expect([...task.samplePosterior(x, 20, KEY).subarray(0, few.length)]).toEqual([...few]);
  });

  it('has no density outside a box prior', () => {
    if (task.prior.kind !== 'box') return expect(['gaussian_linear', 'shear']).toContain(task.id);
    const outside = new Float64Array(task.thetaDim).fill(task.prior.high[0] * 1.001);
    expect(task.posteriorLogDensity(task.observations[0].x)(outside)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe.each(tasks.filter(({ id }) => id !== 'gaussian' && id !== 'shear').map((task) => [task.id, task] as const))(
  'draws of %s',
  (id, task) => {
    it("agree with sbibm's reference draws in every parameter", () => {
      const file = new URL(`./fixtures/${id}.npy`, import.meta.url);
      const { data, shape } = decodeNpy(id, readFileSync(file));
      expect(shape).toEqual([500, task.thetaDim]);
      const draws = task.samplePosterior(task.observations[0].x, 4000, KEY);
      for (let axis = 0; axis < task.thetaDim; axis++) {
        const theirs = column(data, task.thetaDim, axis);
        const ours = column(draws, task.thetaDim, axis);
        expect(ksTwoSample(theirs, ours).pValue, `parameter ${axis}`).toBeGreaterThan(1e-3);
        expect(ksTwoSample(theirs.map(Math.abs), ours.map(Math.abs)).pValue, `|θ${axis + 1}|`).toBeGreaterThan(1e-3);
        const [[m0, s0], [m1, s1]] = [meanAndSd(theirs), meanAndSd(ours)];
        expect(Math.abs(m0 - m1)).toBeLessThan(4 * s1 * Math.sqrt(1 / 500 + 1 / 4000));
        expect(Math.abs(s0 / s1 - 1)).toBeLessThan(0.2);
      }
    });
  },
);

describe('addresses', () => {
  it('follow the documented counter: two moons', () => {
    const number = (i: number, purpose: number) => uniform01(threefry2x32(KEY, [5, (i >> 1) * 256 + purpose])[i & 1]);
    const { theta, x } = twoMoons.simulate(KEY, 5);
    expect([...theta]).toEqual([2 * number(0, 1) - 1, 2 * number(1, 1) - 1]);
    const a = Math.PI * (number(0, 2) - 0.5);
    const r = 0.1 + 0.01 * normalQuantile(number(1, 2));
    expect(x[0]).toBeCloseTo(r * Math.cos(a) + 0.25 - Math.abs(theta[0] + theta[1]) / Math.SQRT2, 14);
    expect(x[1]).toBeCloseTo(r * Math.sin(a) + (theta[1] - theta[0]) / Math.SQRT2, 14);
  });

  it('follow the documented counter: the mixture chooses by the top bit of word 2', () => {
    for (let index = 0; index < 8; index++) {
      const word = threefry2x32(KEY, [index, 256 + 2])[0];
      const z = normalQuantile(uniform01(threefry2x32(KEY, [index, 2])[0]));
      const sd = word >= 2 ** 31 ? 0.1 : 1;
      expect(gaussianMixture.simulateAt([3, 4], KEY, index)[0]).toBeCloseTo(3 + sd * z, 14);
    }
  });

  it('follow the documented counter: point 3 of SLCP', () => {
    const [w6, w7] = threefry2x32(KEY, [9, 3 * 256 + 2]).map((word) => normalQuantile(uniform01(word)));
    const x = slcp.simulateAt([1, 2, -1.5, 0.5, 1], KEY, 9);
    expect(x[6]).toBeCloseTo(1 + 2.25 * w6, 14);
    expect(x[7]).toBeCloseTo(2 + 0.25 * (Math.tanh(1) * w6 + Math.sqrt(1 - Math.tanh(1) ** 2) * w7), 14);
  });
});

describe('edges', () => {
  it('two moons near the corner of the prior lose what lies outside', () => {
    // θ = (1, 1) is the corner: the crescent of x = simulate(1, 1) is cut there.
    const x = [0.34 - Math.SQRT2, 0];
    const draws = twoMoons.samplePosterior(x, 1000, KEY);
    expect(Math.max(...draws.map(Math.abs))).toBeLessThanOrEqual(1);
    const [share, integral] = massOfBox(twoMoons, Float64Array.from(x), () => 0.05, DRAWS);
    expect(Math.abs(integral / share - 1)).toBeLessThan(0.1);
  });

  it('two moons at the fold θ1 = −θ2 lose what would lie beyond it', () => {
    const x = Float64Array.of(0.33, 0.1);
    const [share, integral] = massOfBox(twoMoons, x, () => 0.02, DRAWS);
    expect(share).toBeGreaterThan(0.02);
    expect(Math.abs(integral / share - 1)).toBeLessThan(0.1);
  });

  it('the Gaussian at the edge of its prior is cut there', () => {
    const x = Float64Array.of(2.97, -0.95, 1);
    const draws = gaussian.samplePosterior(x, 1000, KEY);
    expect(Math.max(...draws.map(Math.abs))).toBeLessThanOrEqual(2);
    const [share, integral] = massOfBox(gaussian, x, () => 0.1, DRAWS);
    expect(Math.abs(integral / share - 1)).toBeLessThan(0.05);
  });

  it('say that data lie where the prior makes none', () => {
    expect(() => twoMoons.samplePosterior([3, 0], 1, KEY)).toThrow(PosteriorError);
  });

  it('truncated normals keep both tails', () => {
    for (const u of [1e-12, 0.3, 0.9999]) {
      expect(truncatedNormal(0, 1, 30, 40, u)).toBeCloseTo(-truncatedNormal(0, 1, -40, -30, 1 - u), 9);
    }
    // Beyond 30 the density falls like exp(−30 (x − 30)): half of the mass lies within ln 2/30.
    expect(truncatedNormal(0, 1, 30, 40, 0.5) - 30).toBeCloseTo(Math.LN2 / 30, 4);
  });
});

describe('what networks see of SLCP', () => {
  const statistics = SUMMARIES['point-statistics'];

  it('is all that the likelihood depends on', () => {
    const { x } = slcp.observations[1];
    // The points turned about the axes of their own covariance: other points of equal mean and covariance.
    const mean = [0, 1].map((c) => (x[c] + x[2 + c] + x[4 + c] + x[6 + c]) / 4);
    const turned = Float64Array.from(x, (_, i) => {
      const other = (i & ~1) === 0 ? 6 : (i & ~1) - 2;
      return 2 * mean[i & 1] - x[other + (i & 1)];
    });
    expect(turned).not.toEqual(x);
    const [seen, again] = [statistics.of(x), statistics.of(turned)];
    again.forEach((value, i) => {
      expect(value).toBeCloseTo(seen[i], 12);
    });
    for (let index = 0; index < 20; index++) {
      const { theta } = slcp.simulate(KEY, index);
      const [one, two] = [slcp.logLikelihood(theta, x), slcp.logLikelihood(theta, turned)];
      expect(Math.abs(one - two)).toBeLessThan(1e-9 * Math.abs(one));
    }
  });

  it('is the mean, half the logarithms of the sums of squares, and artanh of the correlation', () => {
    const seen = statistics.of([1, 0, -1, 0, 0, 2, 0, 2]);
    [0, 1, 0.5 * Math.log(2), 0.5 * Math.log(4), 0].forEach((value, i) => {
      expect(seen[i]).toBeCloseTo(value, 14);
    });
    expect(statistics.of([3, 1, 1, -1, 2, 1, 2, -1])[4]).toBeCloseTo(Math.atanh(2 / Math.sqrt(2 * 4)), 14);
  });

  it('cannot be had of points that coincide, or of other numbers than eight', () => {
    expect(() => statistics.of(new Float64Array(8))).toThrow(/coincide or lie on one line/);
    expect(() => statistics.of(new Float64Array(5))).toThrow('an observation of slcp has 8 numbers; 5 were given');
  });
});
