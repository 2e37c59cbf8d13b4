/** Sliced Wasserstein distance of order 2 (Bonneel et al., J. Math. Imaging Vis. 51 (2015) 22). */
import { StatsInputError } from '../errors.ts';
import { countPoints, type Points, requireSameDim } from './points.ts';
import { RandomWords } from './random-words.ts';
import { finish, type Steps } from './steps.ts';

export const PROJECTIONS = 1000;
/** Directions of a step: some tens of milliseconds for 10,000 points. */
const STEP_PROJECTIONS = 8;

export interface SlicedWassersteinProgress {
  readonly projections: number;
  readonly ofProjections: number;
}

/**
 * √(mean over random unit vectors u of W2²(u·a, u·b)), in the units of the points. One direction's W2² is
 * ∫ (F⁻¹(q) − G⁻¹(q))² dq of the two empirical distributions, exactly, for unequal numbers too.
 */
export function* slicedWassersteinSteps(
  a: Points,
  b: Points,
  seed: number,
  projections = PROJECTIONS,
): Steps<SlicedWassersteinProgress, number> {
  requireSameDim(a, b);
  if (!Number.isInteger(projections) || projections < 1) {
    throw new StatsInputError(`projections must be a positive integer, got ${projections}`);
  }
  const x = new Float64Array(countPoints(a, 'a'));
  const y = new Float64Array(countPoints(b, 'b'));
  const words = new RandomWords(seed, 0);
  const direction = new Float64Array(a.dim);
  let sum = 0;
  for (let done = 1; done <= projections; done++) {
    randomDirection(words, direction);
    project(a, direction, x);
    project(b, direction, y);
    sum += squaredW2(x.sort(), y.sort());
    if (done % STEP_PROJECTIONS === 0) yield { projections: done, ofProjections: projections };
  }
  return Math.sqrt(sum / projections);
}

/** `slicedWassersteinSteps` without a pause. */
export function slicedWasserstein(a: Points, b: Points, seed: number, projections?: number): number {
  return finish(slicedWassersteinSteps(a, b, seed, projections));
}

/** Squared W2 distance of two ascending samples: a walk along both quantile functions. */
export function squaredW2(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  const m = y.length;
  let sum = 0;
  // Position on [0, 1] in units of 1/(n m), so that steps are integers.
  for (let i = 0, j = 0, at = 0; i < n; ) {
    const next = Math.min((i + 1) * m, (j + 1) * n);
    sum += (next - at) * (x[i] - y[j]) ** 2;
    at = next;
    if (at === (i + 1) * m) i++;
    if (at === (j + 1) * n) j++;
  }
  return sum / (n * m);
}

function randomDirection(words: RandomWords, out: Float64Array): void {
  let norm = 0;
  for (let axis = 0; axis < out.length; axis++) {
    out[axis] = words.normal();
    norm += out[axis] * out[axis];
  }
  for (let axis = 0; axis < out.length; axis++) out[axis] /= Math.sqrt(norm);
}

function project({ values, dim }: Points, direction: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let axis = 0; axis < dim; axis++) sum += values[i * dim + axis] * direction[axis];
    out[i] = sum;
  }
}
