/** Directions that need no solver: the mean difference, what gradient steps make of it, and chance. */
import { requireSameLength, StatsInputError } from '../errors.ts';
import { RandomWords } from '../two-sample/random-words.ts';
import { combineRows, norm } from './products.ts';

/** Weights of rows that sum to mean of the positive less mean of the negative ones. @throws StatsInputError where there is one class alone */
export function meanDifferenceWeights(y: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const labels = Float64Array.from(y);
  const positive = labels.reduce((count, label) => count + (label === 1 ? 1 : 0), 0);
  const negative = labels.length - positive;
  if (positive === 0 || negative === 0)
    throw new StatsInputError(`a difference of means needs both classes, got ${positive} and ${negative} examples`);
  return labels.map((label) => (label === 1 ? 1 / positive : -1 / negative));
}

/** Standard normal in every coordinate, made a unit vector; the same for a seed and a stream. */
export function randomDirection(d: number, seed: number, stream: number): Float64Array<ArrayBuffer> {
  const words = new RandomWords(seed, stream);
  return unit(Float64Array.from({ length: d }, () => words.normal()));
}

/** The vector at length 1; as it is where it has none. */
export function unit(vector: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const length = norm(vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}

/** Cosine of the angle between two vectors; NaN where one is 0. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  requireSameLength(a, b, 'the vectors');
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum / (norm(a) * norm(b));
}

export interface GradientOptions {
  readonly steps: number;
  readonly rate: number;
  /** Weight of |v| in the loss. */
  readonly penalty: number;
  readonly seed: number;
}

/** As the origin sets them. */
export const GRADIENT_DEFAULTS: GradientOptions = { steps: 100, rate: 0.01, penalty: 0.01, seed: 42 };

/**
 * Steps of Adam (Kingma & Ba, arXiv:1412.6980, algorithm 1) down −Δ·v/|v| + penalty · |v| from a random v, Δ the difference of means. Its only
 * optimum is v along Δ: what is away from that is what the steps have not walked.
 */
export function gradientDirection(
  difference: Float64Array,
  { steps, rate, penalty, seed }: GradientOptions = GRADIENT_DEFAULTS,
): Float64Array<ArrayBuffer> {
  const d = difference.length;
  const words = new RandomWords(seed, 0);
  const v = Float64Array.from({ length: d }, () => words.normal());
  const [first, second] = [new Float64Array(d), new Float64Array(d)];
  const [keepFirst, keepSecond, epsilon] = [0.9, 0.999, 1e-8];
  for (let step = 1; step <= steps; step++) {
    const length = norm(v);
    const along = v.reduce((sum, value, k) => sum + value * difference[k], 0) / length;
    for (let k = 0; k < d; k++) {
      const direction = v[k] / length;
      const slope = -(difference[k] - along * direction) / length + penalty * direction;
      first[k] = keepFirst * first[k] + (1 - keepFirst) * slope;
      second[k] = keepSecond * second[k] + (1 - keepSecond) * slope * slope;
      const [mean, square] = [first[k] / (1 - keepFirst ** step), second[k] / (1 - keepSecond ** step)];
      v[k] -= (rate * mean) / (Math.sqrt(square) + epsilon);
    }
  }
  return unit(v);
}

/** Difference of the means of rows [n][d]. */
export function meanDifference(x: ArrayLike<number>, y: ArrayLike<number>): Float64Array<ArrayBuffer> {
  return combineRows(x, meanDifferenceWeights(y));
}
