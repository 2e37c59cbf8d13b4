/**
 * Linear HSIC and CKA of two sets of representations from sums over rows that can be kept in chunks: nothing of size rows² is needed, and nothing is
 * estimated. X is [n][dx], Y [n][dy], row i of both of the same item or token. Subtract a common mean from the rows first: the sums cancel.
 */
import { StatsInputError } from '../errors.ts';

export interface PairSums {
  /** Rows. */
  readonly n: number;
  /** Σ x, [dx], and Σ y, [dy]. */
  readonly sx: ArrayLike<number>;
  readonly sy: ArrayLike<number>;
  /** Σ x yᵀ, [dx][dy]. */
  readonly c: ArrayLike<number>;
  /** Σ x ‖y‖², [dx], and Σ ‖x‖² y, [dy]. */
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  /** Σ ‖x‖² ‖y‖². */
  readonly q: number;
  /** Σ ‖x‖² and Σ ‖y‖². */
  readonly xx: number;
  readonly yy: number;
}

/** Sums of rows [n][dx] and [n][dy], in row order. */
export function pairSums(x: ArrayLike<number>, y: ArrayLike<number>, n: number): PairSums {
  if (n < 1 || x.length % n !== 0 || y.length % n !== 0) {
    throw new StatsInputError(`${x.length} and ${y.length} numbers are not ${n} rows each`);
  }
  const [dx, dy] = [x.length / n, y.length / n];
  const [sx, a] = [new Float64Array(dx), new Float64Array(dx)];
  const [sy, b] = [new Float64Array(dy), new Float64Array(dy)];
  const c = new Float64Array(dx * dy);
  let [q, xx, yy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [ofX, ofY] = [squaredLength(x, i * dx, dx), squaredLength(y, i * dy, dy)];
    for (let k = 0; k < dx; k++) {
      const value = x[i * dx + k];
      sx[k] += value;
      a[k] += value * ofY;
      for (let l = 0; l < dy; l++) c[k * dy + l] += value * y[i * dy + l];
    }
    for (let l = 0; l < dy; l++) {
      sy[l] += y[i * dy + l];
      b[l] += ofX * y[i * dy + l];
    }
    q += ofX * ofY;
    xx += ofX;
    yy += ofY;
  }
  return { n, sx, sy, c, a, b, q, xx, yy };
}

/** Sums of both sets of rows together. */
export function addSums(one: PairSums, other: PairSums): PairSums {
  const added = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    if (a.length !== b.length) throw new StatsInputError(`widths ${a.length} and ${b.length} do not add up`);
    return Float64Array.from(a, (value, k) => value + b[k]);
  };
  return {
    n: one.n + other.n,
    sx: added(one.sx, other.sx),
    sy: added(one.sy, other.sy),
    c: added(one.c, other.c),
    a: added(one.a, other.a),
    b: added(one.b, other.b),
    q: one.q + other.q,
    xx: one.xx + other.xx,
    yy: one.yy + other.yy,
  };
}

/**
 * Debiased HSIC₁ (Song, Smola, Gretton et al. 2012, eq. 5) of linear kernels K = XXᵀ, L = YYᵀ with zero diagonals, n ≥ 4:
 * [tr KL + 1ᵀK1·1ᵀL1/((n−1)(n−2)) − 2·1ᵀKL1/(n−2)]/(n(n−3)).
 */
export function hsic1({ n, sx, sy, c, a, b, q, xx, yy }: PairSums): number {
  requireRows(n);
  const [dx, dy] = [sx.length, sy.length];
  let [trace, through] = [-q, q];
  for (let k = 0; k < dx; k++) {
    let image = 0;
    for (let l = 0; l < dy; l++) {
      trace += c[k * dy + l] * c[k * dy + l];
      image += c[k * dy + l] * sy[l];
    }
    through += sx[k] * (image - a[k]);
  }
  for (let l = 0; l < dy; l++) through -= b[l] * sy[l];
  const ofK = squaredLength(sx, 0, dx) - xx;
  const ofL = squaredLength(sy, 0, dy) - yy;
  return hsic1Of(n, trace, ofK * ofL, through);
}

/** HSIC₁ from tr KL, 1ᵀK1 · 1ᵀL1 and 1ᵀKL1 of zero-diagonal kernels. */
export function hsic1Of(n: number, trace: number, sums: number, through: number): number {
  return (trace + sums / ((n - 1) * (n - 2)) - (2 * through) / (n - 2)) / (n * (n - 3));
}

/** Biased HSIC₀ = ‖X̃ᵀỸ‖²_F/(n − 1)², X̃ and Ỹ centred (Gretton, Bousquet, Smola & Schölkopf 2005). */
export function hsic0({ n, sx, sy, c }: PairSums): number {
  const dy = sy.length;
  let squares = 0;
  for (let k = 0; k < sx.length; k++)
    for (let l = 0; l < dy; l++) squares += (c[k * dy + l] - (sx[k] * sy[l]) / n) ** 2;
  return squares / (n - 1) ** 2;
}

/** HSIC of X with Y, of X with itself and of Y with itself. */
export interface HsicTriple {
  readonly xy: number;
  readonly xx: number;
  readonly yy: number;
}

/**
 * HSIC(X, Y)/sqrt(HSIC(X, X) HSIC(Y, Y)) (Kornblith, Norouzi, Lee & Hinton 2019), as it is: with HSIC₁ it may leave [0, 1]. NaN where HSIC of one with
 * itself is not positive, which takes constant rows, or few rows of noise.
 */
export function cka({ xy, xx, yy }: HsicTriple): number {
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN;
}

/** Minibatch CKA (Nguyen, Raghu & Kornblith 2021): HSIC₁ is meaned over batches before the ratio is taken. */
export function minibatchCka(batches: readonly HsicTriple[]): number {
  if (batches.length < 1) throw new StatsInputError('there are no batches');
  const mean = (of: keyof HsicTriple) => batches.reduce((sum, batch) => sum + batch[of] / batches.length, 0);
  return cka({ xy: mean('xy'), xx: mean('xx'), yy: mean('yy') });
}

function requireRows(n: number): void {
  if (n < 4) throw new StatsInputError(`debiased HSIC needs four rows or more, got ${n}`);
}

function squaredLength(of: ArrayLike<number>, from: number, count: number): number {
  let sum = 0;
  for (let k = from; k < from + count; k++) sum += of[k] * of[k];
  return sum;
}
