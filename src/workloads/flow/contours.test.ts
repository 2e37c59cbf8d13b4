/** What plots say of the two moons: contours as wide as the crescents, and peaks in the place of means. */
import { expect, it } from 'vitest';
import { credibleLevels, density2d } from '../../stats/density2d.ts';
import { summarizeIndependent } from '../../stats/summary.ts';
import { gaussian } from './tasks/gaussian.ts';
import { gaussianLinear } from './tasks/gaussian-linear.ts';
import { gaussianMixture } from './tasks/gaussian-mixture.ts';
import type { FlowTask } from './tasks/task.ts';
import { twoMoons } from './tasks/two-moons.ts';
import { column } from './test-support/exact-draws.ts';

/** As the page draws them. */
const CELLS = 384;
const SHARES = [0.95, 0.68];

/** Areas of the exact regions of highest density: the mean of 1/p over draws inside, by 20,000 of them. */
function exactAreas(x: Float64Array): number[] {
  const n = 20_000;
  const log = twoMoons.posteriorLogDensity(x);
  const draws = twoMoons.samplePosterior(x, n, [3, 3]);
  const heights = Float64Array.from({ length: n }, (_, i) => log(draws.subarray(2 * i, 2 * i + 2))).sort();
  return SHARES.map((share) =>
    heights.subarray(Math.floor((1 - share) * n)).reduce((sum, height) => sum + Math.exp(-height) / n, 0),
  );
}

it.each([1000, 2000, 10_000])('contours of %i draws of the two moons enclose the area of the crescents', (n) => {
  for (const { id, x } of twoMoons.observations) {
    const draws = twoMoons.samplePosterior(x, n, [1, n]);
    const density = density2d(column(draws, 2, 0), column(draws, 2, 1), CELLS);
    const { nx, ny, xRange, yRange, cells } = density;
    const cell = ((xRange[1] - xRange[0]) * (yRange[1] - yRange[0])) / (nx * ny);
    const exact = exactAreas(x);
    credibleLevels(density, SHARES).forEach((level, i) => {
      const ratio = (cells.filter((value) => value >= level).length * cell) / exact[i];
      expect(ratio, `${id}, ${SHARES[i]}`).toBeGreaterThan(0.85);
      expect(ratio, `${id}, ${SHARES[i]}`).toBeLessThan(1.2);
    });
  }
});

it('marginals of the two moons are two peaks, of a Gaussian one', () => {
  const peaks = (task: FlowTask, axis: number, observation: number) => {
    const draws = task.samplePosterior(task.observations[observation].x, 1000, [4, 4]);
    return summarizeIndependent(column(draws, task.thetaDim, axis)).peaks;
  };
  const [below, above] = peaks(twoMoons, 0, 0)!;
  expect(Math.abs(below.share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 1000));
  // A crescent is 0.1 in radius: all of it spans 0.24 along a parameter.
  for (const { low, high } of [below, above]) expect(high - low).toBeLessThan(0.25);
  expect(above.low - below.high).toBeGreaterThan(0.5);
  for (const task of [gaussian, gaussianLinear, gaussianMixture])
    for (let axis = 0; axis < task.thetaDim; axis++)
      for (let at = 0; at < 5; at++) expect(peaks(task, axis, at), task.id).toBeUndefined();
});
