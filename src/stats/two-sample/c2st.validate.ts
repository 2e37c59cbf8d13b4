/** C2ST on more points than every change has time for: against scikit-learn on all samples of its reference, and against known accuracies. */
import { expect, it } from 'vitest';
import { normalCdf } from '../normal.ts';
import { c2st, c2stSelfControlSteps } from './c2st.ts';
import { pairOf, points } from './fixtures/points.ts';
import reference from './fixtures/reference.json';
import { finish } from './steps.ts';

it.each(reference.c2st)("agrees with scikit-learn's cross-validation over seeds: $name", (given) => {
  const [a, b] = pairOf(given);
  const { accuracy } = c2st(a, b, 1);
  // One seed of ours scatters as one of scikit-learn's does, and so does the mean of theirs.
  const error = given.sd * Math.sqrt(1 + 1 / given.seeds);
  expect(Math.abs(accuracy - given.mean)).toBeLessThan(4 * error);
});

it.each([0.5, 2, 4])('approaches the best accuracy Φ(δ/2) for unit Gaussians %d apart', (distance) => {
  const n = 4000;
  const best = normalCdf(distance / 2);
  const { accuracy, folds } = c2st(points(61, n, 2), points(62, n, 2, 1, distance), 1);
  const error = Math.sqrt((best * (1 - best)) / (2 * n));
  expect(Math.abs(accuracy - best)).toBeLessThan(4 * error + 0.003);
  expect(folds.every(({ converged }) => converged)).toBe(true);
});

it('is ½ within its noise for equal distributions and for halves of one sample', () => {
  const a = points(63, 3000, 2);
  expect(Math.abs(c2st(a, points(64, 3000, 2), 2).accuracy - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 6000));
  expect(Math.abs(finish(c2stSelfControlSteps(a, 2)).accuracy - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 3000));
});
