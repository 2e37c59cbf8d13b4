/**
 * What networks see of an observation where that is not x itself: functions of x, fixed beforehand, that keep all that the posterior depends
 * on. Network files name the one they were trained with. The simulators on the device write summaries (`shaders/flow/tasks`).
 */
import { POINTS, pointSums } from './slcp-posterior.ts';

interface Summary {
  /** Numbers. */
  readonly size: number;
  /** @throws RangeError where x has none */
  of(x: ArrayLike<number>): Float64Array;
}

/**
 * Of SLCP's four points: means of both coordinates, ½ log A11, ½ log A22 and artanh r, with the A and r of `slcp-posterior.ts`. The points
 * are normal with mean and covariance from θ alone, so these are sufficient (Fisher–Neyman). Logarithms, since θ3² spans ten decades.
 */
function pointStatistics(x: ArrayLike<number>): Float64Array {
  if (x.length !== 2 * POINTS)
    throw new RangeError(`an observation of slcp has ${2 * POINTS} numbers; ${x.length} were given`);
  const { mean, a11, a22, r } = pointSums(x);
  const statistics = Float64Array.of(...mean, 0.5 * Math.log(a11), 0.5 * Math.log(a22), Math.atanh(r));
  if (!statistics.every(Number.isFinite))
    throw new RangeError('the four points of an observation of slcp coincide or lie on one line');
  return statistics;
}

export const SUMMARIES = {
  'point-statistics': { size: 5, of: pointStatistics },
} as const satisfies Record<string, Summary>;

export type SummaryId = keyof typeof SUMMARIES;

export const isSummaryId = (id: string): id is SummaryId => Object.hasOwn(SUMMARIES, id);
