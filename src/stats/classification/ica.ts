/**
 * Independent components by FastICA (A. Hyvärinen, IEEE Trans. Neural Netw. 10 (1999) 626): logcosh, all components at once, as scikit-learn
 * with `whiten="unit-variance"`. Worked out in the inner products of the rows, so d may be large.
 */
import { StatsInputError } from '../errors.ts';
import { largestEigen } from '../expression/eigen.ts';
import { RandomWords } from '../two-sample/random-words.ts';
import { centredGram, product, productTransposed } from './products.ts';

export interface IndependentComponents {
  readonly count: number;
  /** [count][n]: the rows times these weights are a component's direction, a column of the mixing matrix. */
  readonly weights: Float64Array<ArrayBuffer>;
  /** [count][n]: the components, of mean 0 and variance 1 over the rows. */
  readonly sources: Float64Array<ArrayBuffer>;
  readonly rounds: number;
  readonly converged: boolean;
}

export interface IcaOptions {
  readonly components: number;
  readonly seed: number;
}

export const ICA_DEFAULTS: IcaOptions = { components: 10, seed: 42 };

const MOST_ROUNDS = 200;
const TOLERANCE = 1e-4;
/** Variances below this share of the largest are rounding. */
const FLAT = 1e-12;

/** @param gram [n][n] inner products of the rows. @throws StatsInputError where all rows are equal */
export function fastIca(gram: Float64Array, n: number, options: IcaOptions = ICA_DEFAULTS): IndependentComponents {
  const { values, vectors } = largestEigen(centredGram(gram, n), n, Math.min(options.components, n - 1));
  const count = values.filter((value) => value > FLAT * values[0]).length;
  if (!(values[0] > 0)) throw new StatsInputError('the rows are all equal: there are no components');
  // Rows of unit variance, [count][n].
  const white = vectors.slice(0, count * n).map((value) => value * Math.sqrt(n));
  const words = new RandomWords(options.seed, 0);
  let turn = decorrelated(
    Float64Array.from({ length: count * count }, () => words.normal()),
    count,
  );
  let [rounds, converged] = [0, false];
  while (rounds < MOST_ROUNDS && !converged) {
    rounds++;
    const sources = product(turn, white, count).map(Math.tanh);
    const moved = productTransposed(sources, white, n).map((value) => value / n);
    for (let k = 0; k < count; k++) {
      let slope = 0;
      for (let i = 0; i < n; i++) slope += (1 - sources[k * n + i] ** 2) / n;
      for (let j = 0; j < count; j++) moved[k * count + j] -= slope * turn[k * count + j];
    }
    const next = decorrelated(moved, count);
    let furthest = 0;
    for (let k = 0; k < count; k++) {
      let same = 0;
      for (let j = 0; j < count; j++) same += next[k * count + j] * turn[k * count + j];
      furthest = Math.max(furthest, Math.abs(Math.abs(same) - 1));
    }
    turn = next;
    converged = furthest < TOLERANCE;
  }
  const sources = product(turn, white, count);
  return { count, sources, weights: sources.map((value) => value / n), rounds, converged };
}

/** (W Wᵀ)^−½ W: the nearest orthogonal matrix. */
function decorrelated(matrix: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const { values, vectors } = largestEigen(productTransposed(matrix, matrix, size), size, size);
  const scaled = vectors.map((value, at) => value / Math.sqrt(values[Math.floor(at / size)]));
  const out = new Float64Array(size * size);
  const inner = product(scaled, matrix, size);
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) out[i * size + j] += vectors[k * size + i] * inner[k * size + j];
    }
  }
  return out;
}
