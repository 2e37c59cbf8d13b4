/** Draws of an exact posterior, where there is one. */
import type { RandomKey } from '../../stats/threefry.ts';
import { type FlowTask, PosteriorError } from './tasks/task.ts';

/**
 * n draws, [n, thetaDim].
 * @throws PosteriorError in words for an observation that has none: no parameters inside the prior make such data, as far as numbers reach
 */
export function exactDraws(task: FlowTask, x: ArrayLike<number>, n: number, key: RandomKey): Float64Array {
  const draws = drawn(task, x, n, key);
  // Where the likelihood inside the prior is too small for a number, draws lie on the prior's edge, all in one place.
  const fixed =
    n > 1 && Array.from({ length: task.thetaDim }, (_, i) => i).some((i) => !varies(draws, task.thetaDim, i));
  if (!fixed) return draws;
  throw new PosteriorError(
    'there is no exact posterior, since no parameters inside the prior make such data. Check the values of the observation, their order and units',
  );
}

function drawn(task: FlowTask, x: ArrayLike<number>, n: number, key: RandomKey): Float64Array {
  try {
    return task.samplePosterior(x, n, key);
  } catch (error) {
    if (!(error instanceof PosteriorError)) throw error;
    throw new PosteriorError(`there is no exact posterior to draw from: ${error.message}`);
  }
}

/** False for values that are all equal, and for what is no number. */
function varies(draws: Float64Array, dim: number, axis: number): boolean {
  for (let at = axis + dim; at < draws.length; at += dim)
    if (draws[at] !== draws[axis]) return Number.isFinite(draws[at]) && Number.isFinite(draws[axis]);
  return false;
}
