import { describe, expect, it } from 'vitest';
import { uniforms } from '../fixtures/draws.ts';
import { normalCdf } from '../normal.ts';
import { BinaryMlp } from './binary-mlp.ts';
import { c2st, c2stFoldSteps, c2stSelfControlSteps, c2stSteps, scaledByReference } from './c2st.ts';
import { fitMlp } from './fit-mlp.ts';
import { pairOf, points } from './fixtures/points.ts';
import reference from './fixtures/reference.json';
import { finish } from './steps.ts';

describe('the classifier', () => {
  it("follows scikit-learn's training step by step from the same weights", () => {
    const { dim, n, m, shift, losses, squares } = reference.trajectory;
    const data = scaledByReference(points(31, n, dim), points(32, m, dim, 1.3, shift));
    const net = new BinaryMlp(dim, 10 * dim, 200);
    const stream = uniforms(33, net.parameters.length)[Symbol.iterator]();
    net.initialize(() => stream.next().value ?? Number.NaN);
    const rows = Uint32Array.from({ length: n + m }, (_, i) => i);
    const fit = finish(fitMlp(net, data, rows, () => undefined));
    expect(fit.losses).toHaveLength(losses.length);
    // f32 against f64: rounding grows over the updates.
    const errors = fit.losses.map((loss, epoch) => Math.abs(loss - losses[epoch]));
    expect(Math.max(...errors.slice(0, 10))).toBeLessThan(1e-7);
    expect(Math.max(...errors)).toBeLessThan(1e-5);
    expect(Math.abs(net.parameters.reduce((sum, w) => sum + w * w, 0) / squares - 1)).toBeLessThan(1e-4);
  });

  it('has the gradient of its loss', () => {
    const net = new BinaryMlp(3, 10, 7);
    const stream = uniforms(5, 1000)[Symbol.iterator]();
    const next = () => stream.next().value ?? Number.NaN;
    net.initialize(next);
    net.batch.rows = 7;
    for (let i = 0; i < 21; i++) net.batch.inputs[i] = 4 * next() - 2;
    for (let i = 0; i < 7; i++) net.batch.labels[i] = i % 2;
    net.lossAndGradient();
    const gradient = Float64Array.from(net.gradient);
    const step = 2 ** -9;
    let largest = 0;
    for (let i = 0; i < gradient.length; i++) {
      const value = net.parameters[i];
      if (value === 0) {
        expect(gradient[i], `padding ${i}`).toBe(0);
        continue;
      }
      net.parameters[i] = value + step;
      const up = net.lossAndGradient();
      net.parameters[i] = value - step;
      const down = net.lossAndGradient();
      net.parameters[i] = value;
      largest = Math.max(largest, Math.abs((up - down) / (2 * step) - gradient[i]));
    }
    expect(largest).toBeLessThan(5e-4);
  });
});

describe('C2ST', () => {
  // All samples of the reference: c2st.validate.ts.
  const quick = reference.c2st.filter(({ name }) => ['one sd apart', 'uneven numbers'].includes(name));
  it.each(quick)("agrees with scikit-learn's cross-validation over seeds: $name", (given) => {
    const [a, b] = pairOf(given);
    const { accuracy } = c2st(a, b, 1);
    // One seed of ours scatters as one of scikit-learn's does, and so does the mean of theirs.
    const error = given.sd * Math.sqrt(1 + 1 / given.seeds);
    expect(Math.abs(accuracy - given.mean)).toBeLessThan(4 * error);
  });

  it.each([0.5, 2, 4])('approaches the best accuracy Φ(δ/2) for unit Gaussians %d apart', (distance) => {
    const n = 1000;
    // The share of 2n points told rightly scatters by √(best (1 − best) / 2n); ours lie within 0.6 of that.
    const best = normalCdf(distance / 2);
    const { accuracy, folds } = c2st(points(61, n, 2), points(62, n, 2, 1, distance), 1);
    const error = Math.sqrt((best * (1 - best)) / (2 * n));
    expect(Math.abs(accuracy - best)).toBeLessThan(4 * error + 0.003);
    expect(folds.every(({ converged }) => converged)).toBe(true);
  });

  it('sees twice the spread of a sample at the same place as well as can be', () => {
    const n = 1000;
    // The densities of N(0, 1) and N(0, 2²) cross at ±√(8 ln 2 / 3): inside the first is likelier, outside the second.
    const crossing = Math.sqrt((8 * Math.LN2) / 3);
    const inside = (sd: number) => 2 * normalCdf(crossing / sd) - 1;
    const best = (inside(1) + 1 - inside(2)) / 2;
    const { accuracy } = c2st(points(67, n, 1), points(68, n, 1, 2), 1);
    // The same bound; ours is 0.02 standard errors away.
    expect(Math.abs(accuracy - best)).toBeLessThan(4 * Math.sqrt((best * (1 - best)) / (2 * n)) + 0.003);
  });

  it('is ½ within its noise for equal distributions and for halves of one sample', () => {
    // Four standard errors of a share of ½, as everywhere here; ours lie within 0.9 of one.
    const a = points(63, 1000, 2);
    expect(Math.abs(c2st(a, points(64, 1000, 2), 2).accuracy - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 2000));
    expect(Math.abs(finish(c2stSelfControlSteps(a, 2)).accuracy - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 1000));
  });

  it('is ½ on few points that the classifier learns by heart: held-out points are not trained on', () => {
    const { accuracy } = c2st(points(65, 100, 5), points(66, 100, 5), 2);
    expect(Math.abs(accuracy - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 200));
  });

  it('does not see units: scaling both samples changes nothing but rounding', () => {
    const [a, b] = pairOf({ ...reference.c2st[1], n: 200, m: 200 });
    const times = (p: typeof a, factor: number) => ({ ...p, values: Array.from(p.values, (v) => factor * v) });
    expect(c2st(times(a, 1024), times(b, 1024), 1)).toEqual(c2st(a, b, 1));
  });

  it('repeats, reports every epoch, and gives the same folds one by one', () => {
    const [a, b] = pairOf({ ...reference.c2st[1], n: 201, m: 150 });
    const seen: number[] = [];
    const steps = c2stSteps(a, b, 3);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        expect(step.value.folds.map(({ epochs }) => epochs)).toEqual(
          [0, 1, 2, 3, 4].map((f) => seen.filter((s) => s === f).length),
        );
        expect(step.value.folds).toEqual([0, 1, 2, 3, 4].map((fold) => finish(c2stFoldSteps(a, b, 3, fold))));
        break;
      }
      seen.push(step.value.fold);
    }
    expect(c2st(a, b, 4).accuracy).not.toBe(c2st(a, b, 3).accuracy);
  });

  it('names what does not fit', () => {
    const a = points(1, 20, 2);
    expect(() => c2st(a, points(2, 20, 3), 1)).toThrow('points of 2 and 3 values');
    expect(() => c2st({ values: [1, 2, 3], dim: 2 }, a, 1)).toThrow('reference has 3 values');
    expect(() => c2st(a, { values: [1, 2, 3, Number.NaN], dim: 2 }, 1)).toThrow('NaN at point 1, value 1');
    expect(() => c2st({ values: [1, 5, 2, 5, 3, 5], dim: 2 }, a, 1)).toThrow('value 1 is the same');
    expect(() => finish(c2stFoldSteps(a, a, 1, 5))).toThrow('from 0 to 4');
  });
});
