/**
 * A held-out posterior predictive check: do data that are simulated with draws of the posterior look like the observation? The discrepancy
 * is the Mahalanobis distance of what networks see of x from the mean of simulations with some draws, in their covariance; its reference
 * are simulations with other draws. The p-value (1 + number as far or farther)/(1 + their number) is near uniform or, as the posterior knows
 * the observation, closer to ½ for a good posterior (Gelman, Meng and Stern 1996), and near 0 for draws that do not explain it.
 */
import { covariance } from '../../stats/covariance.ts';
import { invertSymmetric } from '../../stats/symmetric.ts';
import type { RandomKey } from '../../stats/threefry.ts';
import { seenOf } from './prior-predictive.ts';
import type { FlowTask } from './tasks/task.ts';

/** Simulations that give mean and covariance, and those that the observation is ranked among. */
const MEASURED_BY = 256;
const RANKED = 1023;

/**
 * @param draws [n][thetaDim]; used in turn, from the start again where they are fewer than simulations
 * @param key of the noise of the simulations
 * @returns undefined where draws are not finite, or the simulations have no covariance
 */
export function posteriorPredictive(
  task: FlowTask,
  x: ArrayLike<number>,
  draws: ArrayLike<number>,
  key: RandomKey,
): number | undefined {
  const see = seenOf(task);
  const observed = see(x);
  const dim = task.thetaDim;
  const n = draws.length / dim;
  const simulated = (index: number) => {
    const from = (index % n) * dim;
    const theta = Float64Array.from({ length: dim }, (_, i) => draws[from + i]);
    return see(task.simulateAt(theta, key, index));
  };
  const rows = Array.from({ length: MEASURED_BY + RANKED }, (_, index) => simulated(index)).filter(
    (row) => row !== undefined,
  );
  if (!observed || n === 0 || !rows.every((row) => Array.from(row).every(Number.isFinite))) return undefined;
  const distance = mahalanobis(rows.slice(0, MEASURED_BY));
  if (!distance) return undefined;
  const found = distance(observed);
  const ranked = rows.slice(MEASURED_BY);
  return (1 + ranked.filter((row) => !(distance(row) < found)).length) / (1 + ranked.length);
}

/** Squared distance from the rows' mean in their covariance. */
function mahalanobis(rows: readonly ArrayLike<number>[]): ((row: ArrayLike<number>) => number) | undefined {
  const d = rows[0].length;
  const columns = Array.from({ length: d }, (_, i) => Float64Array.from(rows, (row) => row[i]));
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  const inverse = invertSymmetric(covariance(columns).covariance, d);
  return (
    inverse &&
    ((row) => {
      let sum = 0;
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++) sum += (row[i] - mean[i]) * inverse[i * d + j] * (row[j] - mean[j]);
      return sum;
    })
  );
}
