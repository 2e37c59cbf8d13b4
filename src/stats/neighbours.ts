/**
 * How isolated a point is among others: its distance to the k-th nearest of them over what that distance is for those neighbours themselves.
 * About 1 where the others are dense and where they are sparse; large in a hole between them, and outside (a local outlier factor in the
 * sense of Breunig et al. 2000, with distances in the place of reachability densities).
 */
import { countPoints, type Points } from './two-sample/points.ts';

export class Neighbours {
  readonly dim: number;
  readonly #k: number;
  /** [n][dim], ascending in the first coordinate. */
  readonly #points: Float64Array;
  readonly #n: number;
  /** Distance of each to the k-th nearest of the others; NaN until it is asked for. */
  readonly #own: Float64Array;
  /** The nearest found by the last search, nearest first: squared distances and places. */
  readonly #squares: Float64Array;
  readonly #places: Int32Array;

  /** @param points more than k, finite @throws StatsInputError for others */
  constructor(points: Points, k: number) {
    const { values, dim } = points;
    const n = countPoints(points, 'points', k + 1);
    const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a * dim] - values[b * dim] || a - b);
    this.dim = dim;
    this.#k = k;
    this.#n = n;
    this.#points = Float64Array.from(
      { length: n * dim },
      (_, at) => values[order[Math.floor(at / dim)] * dim + (at % dim)],
    );
    this.#own = new Float64Array(n).fill(Number.NaN);
    this.#squares = new Float64Array(k);
    this.#places = new Int32Array(k);
  }

  /** Infinite where the neighbours coincide and the point lies apart; NaN for a point that is not finite. */
  isolation(point: ArrayLike<number>): number {
    const distance = this.#search(point, -1);
    let spacing = 0;
    for (const place of Int32Array.from(this.#places)) spacing += this.#spacing(place) / this.#k;
    return distance === 0 && spacing === 0 ? 1 : distance / spacing;
  }

  #spacing(place: number): number {
    if (Number.isNaN(this.#own[place])) {
      const { dim } = this;
      this.#own[place] = this.#search(this.#points.subarray(place * dim, (place + 1) * dim), place);
    }
    return this.#own[place];
  }

  /** Distance to the k-th nearest, `skip` left out. Goes outwards from where the point would stand, until the first coordinate alone is too far. */
  #search(point: ArrayLike<number>, skip: number): number {
    const n = this.#n;
    const { dim } = this;
    const points = this.#points;
    const squares = this.#squares;
    const last = this.#k - 1;
    squares.fill(Number.POSITIVE_INFINITY);
    const first = point[0];
    if (Number.isNaN(first)) return Number.NaN;
    let worst = Number.POSITIVE_INFINITY;
    let right = this.#placeOf(first);
    let left = right - 1;
    while (left >= 0 || right < n) {
      const toLeft = left >= 0 ? first - points[left * dim] : Number.POSITIVE_INFINITY;
      const toRight = right < n ? points[right * dim] - first : Number.POSITIVE_INFINITY;
      const nearer = Math.min(toLeft, toRight);
      if (nearer * nearer >= worst) break;
      const place = toLeft <= toRight ? left-- : right++;
      if (place === skip) continue;
      let sum = nearer * nearer;
      for (let i = 1, at = place * dim + 1; i < dim && sum < worst; i++, at++) {
        const difference = point[i] - points[at];
        sum += difference * difference;
      }
      if (sum < worst) {
        this.#take(place, sum);
        worst = squares[last];
      }
    }
    return Math.sqrt(worst);
  }

  #take(place: number, square: number): void {
    let at = this.#k - 1;
    for (; at > 0 && this.#squares[at - 1] > square; at--) {
      this.#squares[at] = this.#squares[at - 1];
      this.#places[at] = this.#places[at - 1];
    }
    this.#squares[at] = square;
    this.#places[at] = place;
  }

  /** How many have a smaller first coordinate. */
  #placeOf(value: number): number {
    let [low, high] = [0, this.#n];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#points[middle * this.dim] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
