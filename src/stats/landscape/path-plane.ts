/** Planes through paths of networks, from inner products alone: directions come out as weights on the networks, so that θ is never held here. */
import { centredGram } from '../classification/products.ts';
import { StatsInputError } from '../errors.ts';
import { largestEigen } from '../expression/eigen.ts';

export interface PathPlane {
  /** [directions][n]: direction k is Σ_i weights[k][i] θ_i, of unit length; weights of one sum to 0, so θ_i less any common vector will do. */
  readonly weights: Float64Array<ArrayBuffer>;
  /** [n][directions]: where each network lies, from the origin. A projection: the loss there is not the network's. */
  readonly coordinates: Float64Array<ArrayBuffer>;
  /** Share of the path's variance along each direction; NaN for a path that stands still. */
  readonly shares: Float64Array<ArrayBuffer>;
}

/**
 * Principal components of a path of n networks (Li, Xu, Taylor et al. 2018, §7).
 * @param gram inner products of θ_i − c, [n][n]; c, any vector, should be one of the path: inner products of whole networks cancel.
 * @param origin the network at (0, 0), e.g. the last.
 */
export function pathPlane(gram: Float64Array, n: number, origin: number, directions = 2): PathPlane {
  if (gram.length !== n * n) throw new StatsInputError(`${gram.length} inner products are not those of ${n} networks`);
  if (!Number.isInteger(origin) || origin < 0 || origin >= n) {
    throw new StatsInputError(`the origin is ${origin}; there are ${n} networks`);
  }
  if (n <= directions) throw new StatsInputError(`${n} networks span fewer than ${directions} directions`);
  const centred = centredGram(gram, n);
  const { values, vectors } = largestEigen(centred, n, n);
  const whole = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const weights = new Float64Array(directions * n);
  const coordinates = new Float64Array(n * directions);
  for (let k = 0; k < directions; k++) {
    // A direction that the path does not have stays 0.
    const length = values[k] > n * Number.EPSILON * values[0] ? Math.sqrt(values[k]) : 0;
    for (let i = 0; i < n; i++) {
      weights[k * n + i] = length > 0 ? vectors[k * n + i] / length : 0;
      coordinates[i * directions + k] = length * (vectors[k * n + i] - vectors[k * n + origin]);
    }
  }
  return { weights, coordinates, shares: values.slice(0, directions).map((value) => Math.max(0, value) / whole) };
}

/**
 * The plane through three networks: the first direction goes from `origin` to the first of the others, the second is what the other adds at a right angle.
 * Unit length both. @param gram inner products of the three, [3][3], in the order origin, first, second.
 */
export function planeThrough(gram: ArrayLike<number>): PathPlane {
  if (gram.length !== 9) throw new StatsInputError(`a plane goes through three networks, got ${gram.length} products`);
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, x, i) => sum + x * b.reduce((inner, y, j) => inner + y * gram[i * 3 + j], 0), 0);
  const [first, second] = [
    [-1, 1, 0],
    [-1, 0, 1],
  ];
  const length = Math.sqrt(dot(first, first));
  const along = first.map((x) => x / length);
  const share = dot(along, second);
  const rest = second.map((x, i) => x - share * along[i]);
  const height = Math.sqrt(Math.max(0, dot(rest, rest)));
  if (!(length > 0 && height > 0)) throw new StatsInputError('the three networks lie on one line');
  return {
    weights: Float64Array.from([...along, ...rest.map((x) => x / height)]),
    coordinates: Float64Array.of(0, 0, length, 0, share, height),
    shares: planeShares([0, length, share], [0, 0, height]),
  };
}

function planeShares(x: readonly number[], y: readonly number[]): Float64Array<ArrayBuffer> {
  const variance = (of: readonly number[]) => {
    const mean = of.reduce((sum, value) => sum + value, 0) / of.length;
    return of.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  };
  const [alongX, alongY] = [variance(x), variance(y)];
  return Float64Array.of(alongX / (alongX + alongY), alongY / (alongX + alongY));
}
