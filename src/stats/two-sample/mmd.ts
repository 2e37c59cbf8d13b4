/** Maximum mean discrepancy (Gretton et al., JMLR 13 (2012) 723). */
import { StatsInputError } from '../errors.ts';
import { quantileSorted } from '../order.ts';
import { countPoints, type Points, requireSameDim } from './points.ts';
import { finish, type Steps } from './steps.ts';

/** Points of each sample that the median distance is taken from; all 4.5 million pairs of them are looked at. */
const MEDIAN_POINTS = 1500;
/** Rows of a step: 2.6 million kernel values for 10,000 points, some tens of milliseconds. */
const STEP_ROWS = 256;

export interface MmdResult {
  /** Unbiased estimate of MMD² (eq. 3 there); below 0 about half of the time where the distributions are equal. */
  readonly mmd2: number;
  /** Length scale ℓ of the kernel exp(−|x − y|²/(2 ℓ²)). */
  readonly bandwidth: number;
}

export interface MmdProgress {
  readonly rows: number;
  readonly ofRows: number;
}

/**
 * Median distance between two different points of both samples together (the median heuristic): of all of them up to 1,500 points a
 * sample, above that of 1,500 evenly spaced ones of each. @throws StatsInputError where it is 0.
 */
export function medianDistance(a: Points, b: Points): number {
  requireSameDim(a, b);
  const { dim } = a;
  const rows: number[][] = [];
  for (const [points, name] of [
    [a, 'a'],
    [b, 'b'],
  ] as const) {
    const n = countPoints(points, name, 2);
    const used = Math.min(n, MEDIAN_POINTS);
    for (let i = 0; i < used; i++) {
      const from = Math.floor((i * n) / used) * dim;
      rows.push(Array.from({ length: dim }, (_, axis) => points.values[from + axis]));
    }
  }
  const flat = Float64Array.from(rows.flat());
  const squares = new Float64Array((rows.length * (rows.length - 1)) / 2);
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < i; j++) squares[at++] = squaredDistance(flat, i * dim, flat, j * dim, dim);
  }
  const median = Math.sqrt(quantileSorted(squares.sort(), 0.5));
  if (!(median > 0)) {
    throw new StatsInputError('more than half of the points coincide, so the median distance is 0; pass a bandwidth');
  }
  return median;
}

/** Unbiased MMD² with an RBF kernel, γ = 1/(2 bandwidth²). @param bandwidth the median distance unless given. */
export function* mmdSteps(a: Points, b: Points, bandwidth = medianDistance(a, b)): Steps<MmdProgress, MmdResult> {
  requireSameDim(a, b);
  if (!(bandwidth > 0)) throw new StatsInputError(`bandwidth must be positive, got ${bandwidth}`);
  const n = countPoints(a, 'a', 2);
  const m = countPoints(b, 'b', 2);
  const x = Float64Array.from(a.values);
  const y = Float64Array.from(b.values);
  const gamma = 1 / (2 * bandwidth * bandwidth);
  const ofRows = 2 * n + m;
  let rows = 0;
  /** Sum of the kernel over pairs; where both sides are one sample only pairs j < i. */
  function* total(p: Float64Array, q: Float64Array, same: boolean): Steps<MmdProgress, number> {
    const { dim } = a;
    let sum = 0;
    for (let i = 0; i < p.length / dim; i++) {
      const end = same ? i : q.length / dim;
      for (let j = 0; j < end; j++) sum += Math.exp(-gamma * squaredDistance(p, i * dim, q, j * dim, dim));
      if (++rows % STEP_ROWS === 0) yield { rows, ofRows };
    }
    return sum;
  }
  const within = yield* total(x, x, true);
  const across = yield* total(x, y, false);
  const other = yield* total(y, y, true);
  const mmd2 = (2 * within) / (n * (n - 1)) + (2 * other) / (m * (m - 1)) - (2 * across) / (n * m);
  return { mmd2, bandwidth };
}

/** `mmdSteps` without a pause. */
export function mmd(a: Points, b: Points, bandwidth?: number): MmdResult {
  return finish(mmdSteps(a, b, bandwidth));
}

function squaredDistance(p: Float64Array, i: number, q: Float64Array, j: number, dim: number): number {
  let sum = 0;
  for (let axis = 0; axis < dim; axis++) {
    const difference = p[i + axis] - q[j + axis];
    sum += difference * difference;
  }
  return sum;
}
