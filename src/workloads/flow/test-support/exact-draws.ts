/** What tests of exact posteriors ask of their draws. */
import { keyOfSeed } from '../../../stats/threefry.ts';
import { ProposalNumbers } from '../tasks/random.ts';
import type { FlowTask } from '../tasks/task.ts';

const KEY = keyOfSeed(3);

/** One parameter of draws [n, dim]. */
export function column(draws: ArrayLike<number>, dim: number, axis: number): Float64Array {
  return Float64Array.from({ length: draws.length / dim }, (_, i) => draws[i * dim + axis]);
}

export function meanAndSd(values: Float64Array): [number, number] {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1))];
}

/** Share of draws inside the box, and the integral of the density over it with as many uniform points. */
export function massOfBox(task: FlowTask, x: Float64Array, half: (sd: number) => number, n: number): [number, number] {
  const draws = task.samplePosterior(x, n, KEY);
  const density = task.posteriorLogDensity(x);
  const centre = draws.slice(0, task.thetaDim);
  const halves = centre.map((_, axis) => half(meanAndSd(column(draws, task.thetaDim, axis))[1]));
  let inside = 0;
  let integral = 0;
  const theta = new Float64Array(task.thetaDim);
  for (let i = 1; i < n; i++) {
    const at = i * task.thetaDim;
    if (centre.every((c, axis) => Math.abs(draws[at + axis] - c) < halves[axis])) inside++;
    const numbers = new ProposalNumbers([7, 7], i);
    for (let axis = 0; axis < theta.length; axis++) {
      theta[axis] = centre[axis] + halves[axis] * (2 * numbers.uniform() - 1);
    }
    integral += Math.exp(density(theta));
  }
  const volume = halves.reduce((product, h) => product * 2 * h, 1);
  return [inside / (n - 1), (integral * volume) / (n - 1)];
}

/** Ranks in 0 … 1 of n truths among exact draws of their posteriors, of every parameter and of the log likelihood; uniform where all is right. */
export function calibrationRanks(task: FlowTask, n: number): Float64Array[] {
  const perRank = 39;
  const dim = task.thetaDim;
  // Every parameter, and the log likelihood, which sees what symmetric modes hide (Modrák et al. 2023).
  const ranks = Array.from({ length: dim + 1 }, () => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    const { theta, x } = task.simulate(keyOfSeed(11), i);
    const draws = task.samplePosterior(x, perRank, keyOfSeed(1000 + i));
    const fits = Float64Array.from({ length: perRank }, (_, draw) =>
      task.logLikelihood(draws.subarray(draw * dim, (draw + 1) * dim), x),
    );
    const rank = (axis: number, truth: number, values: Float64Array) => {
      const below = values.filter((value) => value < truth).length;
      // Spread each rank over its interval, so that the distribution is continuous.
      ranks[axis][i] = (below + new ProposalNumbers([9, axis], i).uniform()) / (perRank + 1);
    };
    theta.forEach((truth, axis) => {
      rank(axis, truth, column(draws, dim, axis));
    });
    rank(dim, task.logLikelihood(theta, x), fits);
  }
  return ranks;
}
