/** The checks of observations and of draws against simulations: false alarms, and what they see, for every task. */
import { describe, expect, it } from 'vitest';
import { IMPROBABLE } from '../../results/posterior/predictive.ts';
import { posteriorPredictive } from './posterior-predictive.ts';
import { priorPredictive } from './prior-predictive.ts';
import { gaussian } from './tasks/gaussian.ts';
import { gaussianLinear } from './tasks/gaussian-linear.ts';
import { gaussianMixture } from './tasks/gaussian-mixture.ts';
import { tasks } from './tasks/index.ts';
import { shear } from './tasks/shear.ts';
import { slcp } from './tasks/slcp.ts';
import type { FlowTask } from './tasks/task.ts';
import { twoMoons } from './tasks/two-moons.ts';

/** A key that no simulation of the checks has. */
const FRESH = [99, 8] as const;
const SIMULATIONS = 12_000;
const stamp = (pixel: (x: number, y: number) => number) =>
  shear.data!.summarise(
    Float64Array.from({ length: 48 * 48 }, (_, i) => pixel((i % 48) - 23.5, Math.floor(i / 48) - 23.5)),
  );
const noisier = (factor: number) => {
  const [first, second] = [0, 1].map((i) => shear.simulateAt([0, 0], [5, 5], i));
  return first.map((value, i) => value + factor * (value - second[i]));
};

describe('the prior predictive p-value', () => {
  it.each(tasks)('of $id calls one simulation in 1,000 impossible, and is uniform', (task) => {
    const { pValue } = priorPredictive(task);
    const found = Array.from({ length: SIMULATIONS }, (_, i) => pValue(task.simulate(FRESH, i).x));
    const share = (level: number) => found.filter((p) => p <= level).length / SIMULATIONS;
    // Four standard errors of so many simulations, and of those that p ranks among (4095 or more): √(p/12,000 + p/4,096).
    for (const level of [IMPROBABLE, 0.05, 0.5])
      expect(Math.abs(share(level) - level), `${level}`).toBeLessThan(
        4 * Math.sqrt(level / SIMULATIONS + level / 4096),
      );
  });

  it.each(tasks)('passes the own observations of $id', (task) => {
    for (const { id, x } of task.observations) expect(priorPredictive(task).pValue(x), id).toBeGreaterThan(0.01);
  });

  const impossible: [FlowTask, string, ArrayLike<number>][] = [
    [twoMoons, 'a place right of all crescents, within four standard deviations of each mean', [1.07, 0.63]],
    [twoMoons, 'a place just outside the crescents', [0.45, 0]],
    [twoMoons, 'a corner of the box around the triangle of all data', [-0.9, 0.9]],
    [twoMoons, 'the other corner', [-0.9, -0.9]],
    [gaussian, 'one coordinate five errors beyond the box', [3.5, 1, 1]],
    [gaussian, 'a corner two errors outside in each coordinate', [3.2, 3.2, 3.2]],
    [gaussian, 'another unit', [100, 120, 60]],
    [gaussian, 'a coordinate 40 away', [1, 40, 1]],
    [gaussianLinear, 'all ten two standard deviations up', Array(10).fill(2 * Math.sqrt(0.2))],
    [gaussianMixture, 'a corner two errors outside', [13, 13]],
    [gaussianMixture, 'five errors beyond the box', [15, 0]],
    [slcp, 'points a hundred times too far', [100, -50, -300, 200, 400, 100, -200, -300]],
    [slcp, 'points that all but coincide, outside the box', [9, 9, 9.00001, 9, 9, 9.0001, 9.00002, 9.00001]],
    [shear, 'a stamp without a galaxy', stamp(() => 0)],
    [shear, 'a uniform stamp', stamp(() => 1)],
    [shear, 'a shear ten standard deviations from the prior', shear.simulateAt([0.5, 0], [4, 4], 3)],
    [shear, 'noise seven times as strong', noisier(7)],
    [shear, 'summaries in another order', Float64Array.from(shear.observations[0].x).reverse()],
  ];
  it.each(impossible.map(([task, what, x]) => ({ id: task.id, what, task, x })))('of $id: $what', ({ task, x }) => {
    expect(priorPredictive(task).pValue(x)).toBeLessThanOrEqual(IMPROBABLE);
  });

  it('of data that have no summary, or are no numbers, is the least', () => {
    expect(priorPredictive(slcp).pValue(Array(8).fill(1))).toBeLessThan(IMPROBABLE);
    expect(priorPredictive(twoMoons).pValue([Number.NaN, 0])).toBeLessThan(IMPROBABLE);
  });
});

describe('the posterior predictive p-value', () => {
  const DRAWS = 1000;

  it.each(tasks)('of exact draws of $id is never smaller than uniform numbers are', (task) => {
    const found = Array.from({ length: 60 }, (_, i) => {
      const { x } = task.simulate([98, 7], i);
      return posteriorPredictive(task, x, task.samplePosterior(x, DRAWS, [5, i]), [44, i])!;
    });
    // Of 60 uniform numbers the share at or below a level has this error.
    for (const level of [0.02, 0.1, 0.5]) {
      const share = found.filter((p) => p <= level).length / 60;
      expect(share).toBeLessThan(level + 4 * Math.sqrt((level * (1 - level)) / 60));
    }
  });

  it.each(tasks)('of draws of another observation of $id is the least far more often than chance has it', (task) => {
    const [first, ...others] = Array.from({ length: 200 }, (_, i) => task.simulate([97, 7], i));
    const draws = task.samplePosterior(first.x, DRAWS, [5, 1]);
    const found = others.map(({ x }) => posteriorPredictive(task, x, draws, [44, 1])!);
    // 0.2 of them by chance; those whose data are near the first's are explained by its draws, too.
    expect(found.filter((p) => p <= IMPROBABLE).length).toBeGreaterThan(5);
  });

  it('sees what a posterior cut off by the prior cannot explain', () => {
    // Four points far outside the box on a small spread: the network's draws end at the box, here at its corner.
    const x = [6, 6, 6.1, 6.2, 5.9, 6.1, 6.3, 5.8];
    const corner = Float64Array.from({ length: 5 * DRAWS }, (_, at) => [3, 3, 0.5, 0.5, 0][at % 5]);
    expect(posteriorPredictive(slcp, x, corner, [44, 1])).toBeLessThanOrEqual(IMPROBABLE);
  });

  it('is undefined for draws that are no numbers', () => {
    expect(posteriorPredictive(twoMoons, [0, 0], new Float64Array(20).fill(Number.NaN), [1, 1])).toBeUndefined();
    expect(posteriorPredictive(twoMoons, [0, 0], new Float64Array(0), [1, 1])).toBeUndefined();
  });
});
