/**
 * Logistic regression with an L2 penalty and a free intercept, by Newton's method: minimises ½|w|² + C Σ log(1 + exp(−t(w·x + b))), t = ±1.
 * Two forms of the same: by rows of d numbers, or by inner products of n rows, which is cheaper where n < d. Rows are centred inside,
 * which the intercept takes up: streams of transformers have offsets many times what sets them apart.
 */
import { StatsInputError } from '../errors.ts';
import { cholesky, solveCholesky } from '../symmetric.ts';
import { centredGram, combineRows, norm, projections } from './products.ts';

export interface LogisticFit {
  readonly weights: Float64Array<ArrayBuffer>;
  readonly intercept: number;
  /** Length of the gradient at the end, intercept included. */
  readonly gradient: number;
  readonly steps: number;
}

/** As `LogisticFit`; weights are the rows times these coefficients, whose sum is 0. */
export interface LogisticDualFit extends Omit<LogisticFit, 'weights' | 'intercept'> {
  readonly coefficients: Float64Array<ArrayBuffer>;
}

/** Length of the gradient at which it ends. */
const TOLERANCE = 1e-8;
const MOST_STEPS = 200;
const MOST_HALVINGS = 60;

/** @param x [n][d] @param y 1 where positive, else 0 @param c weight of the losses @throws StatsInputError where there is one class alone */
export function logisticByRows(x: Float64Array, y: ArrayLike<number>, c = 1): LogisticFit {
  const n = requireClasses(y, x.length);
  const d = x.length / n;
  const mean = combineRows(x, new Float64Array(n).fill(1 / n));
  const rows = x.map((value, at) => value - mean[at % d]);
  const start = { at: new Float64Array(d), intercept: 0 };
  const at = newton(y, c, start, {
    values: (w, b) => projections(rows, w).map((value) => value + b),
    penalty: (w) => 0.5 * w.reduce((sum, value) => sum + value * value, 0),
    gradient: (w, residual) => {
      const pull = combineRows(rows, residual);
      return Math.hypot(norm(w.map((value, k) => value - pull[k])), sumOf(residual));
    },
    target: (w, b, f, residual) => {
      const weight = f.map((value) => curvature(value, c));
      const factor = factorOf(rows, weight, d);
      const pull = combineRows(rows, residual);
      const slope = w.map((value, k) => value - pull[k]);
      const cross = combineRows(rows, weight);
      const [bySlope, byCross] = [solveCholesky(factor, d, slope), solveCholesky(factor, d, cross)];
      const shift = (sumOf(residual) + dot(cross, bySlope)) / (sumOf(weight) - dot(cross, byCross));
      return { at: w.map((value, k) => value - bySlope[k] - shift * byCross[k]), intercept: b + shift };
    },
  });
  return { weights: at.at, intercept: at.intercept - dot(at.at, mean), gradient: at.gradient, steps: at.steps };
}

/** @param gram [n][n] inner products of the rows. The rest as `logisticByRows`. */
export function logisticByProducts(gram: Float64Array, y: ArrayLike<number>, c = 1): LogisticDualFit {
  const n = requireClasses(y, gram.length);
  if (gram.length !== n * n)
    throw new StatsInputError(`inner products of ${n} rows are ${n * n} numbers, got ${gram.length}`);
  const kernel = centredGram(gram, n);
  const root = Math.sqrt(c);
  const start = { at: new Float64Array(n), intercept: 0 };
  const at = newton(y, c, start, {
    values: (a, b) => projections(kernel, a).map((value) => value + b),
    penalty: (a) => 0.5 * dot(a, projections(kernel, a)),
    gradient: (a, residual) => {
      const off = a.map((value, i) => value - residual[i]);
      return Math.hypot(Math.sqrt(Math.max(0, dot(off, projections(kernel, off)))), sumOf(residual));
    },
    // (W⁻¹ + K) a + b 1 = f + W⁻¹ r with 1ᵀa = 0, through I + √W K √W, which is never ill-conditioned (Rasmussen & Williams, 3.4.3).
    target: (_, __, f) => {
      const half = f.map((value) => Math.sqrt(curvature(value, c)));
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) matrix[i * n + j] = half[i] * kernel[i * n + j] * half[j] + (i === j ? 1 : 0);
      }
      const factor = positive(cholesky(matrix, n));
      // r / √W of the logistic loss is t √C exp(−t f / 2): no quotient of two small numbers.
      const wanted = f.map((value, i) => {
        const t = y[i] === 1 ? 1 : -1;
        return half[i] * value + t * root * Math.exp((-t * value) / 2);
      });
      const [byWanted, byHalf] = [solveCholesky(factor, n, wanted), solveCholesky(factor, n, half)];
      const intercept = dot(half, byWanted) / dot(half, byHalf);
      return { at: half.map((value, i) => value * (byWanted[i] - intercept * byHalf[i])), intercept };
    },
  });
  return { coefficients: at.at, gradient: at.gradient, steps: at.steps };
}

interface Point {
  readonly at: Float64Array<ArrayBuffer>;
  readonly intercept: number;
}

/** What the two forms differ in. `residual`: −∂loss/∂f, C(y − σ(f)). */
interface Form {
  values(at: Float64Array, intercept: number): Float64Array<ArrayBuffer>;
  penalty(at: Float64Array): number;
  gradient(at: Float64Array, residual: Float64Array): number;
  /** Where a whole Newton step leads. */
  target(at: Float64Array<ArrayBuffer>, intercept: number, f: Float64Array<ArrayBuffer>, residual: Float64Array): Point;
}

function newton(
  y: ArrayLike<number>,
  c: number,
  start: Point,
  form: Form,
): Point & { readonly gradient: number; readonly steps: number } {
  const look = (point: Point) => {
    const f = form.values(point.at, point.intercept);
    let loss = form.penalty(point.at);
    for (let i = 0; i < f.length; i++) loss += c * softplus(y[i] === 1 ? -f[i] : f[i]);
    const residual = f.map((value, i) => c * (y[i] === 1 ? sigmoid(-value) : -sigmoid(value)));
    return { ...point, f, loss, residual, gradient: form.gradient(point.at, residual) };
  };
  let here = look(start);
  for (let steps = 0; ; steps++) {
    if (here.gradient <= TOLERANCE || steps === MOST_STEPS) return { ...here, steps };
    const target = form.target(here.at, here.intercept, here.f, here.residual);
    let next = look(target);
    let share = 1;
    for (let halving = 0; !(next.loss <= here.loss) && halving < MOST_HALVINGS; halving++) {
      share /= 2;
      const { at, intercept } = here;
      next = look({
        at: at.map((value, k) => value + share * (target.at[k] - value)),
        intercept: intercept + share * (target.intercept - intercept),
      });
    }
    // Where rounding is all that is left of a step, it ends with what it has.
    if (!(next.loss < here.loss) && !(next.gradient < here.gradient)) return { ...here, steps };
    here = next;
  }
}

/** Lower Cholesky factor of I + Σ weight x xᵀ. */
function factorOf(rows: Float64Array, weight: Float64Array, d: number): Float64Array {
  const matrix = new Float64Array(d * d);
  for (let i = 0; i < weight.length; i++) {
    const row = rows.subarray(i * d, (i + 1) * d);
    for (let a = 0; a < d; a++) {
      const share = weight[i] * row[a];
      for (let b = 0; b <= a; b++) matrix[a * d + b] += share * row[b];
    }
  }
  for (let a = 0; a < d; a++) matrix[a * d + a] += 1;
  return positive(cholesky(matrix, d));
}

function positive(factor: Float64Array | undefined): Float64Array {
  if (!factor) throw new StatsInputError('the rows hold values that are not finite numbers, or are too large to fit');
  return factor;
}

function requireClasses(y: ArrayLike<number>, numbers: number): number {
  const n = y.length;
  const ones = Array.from(y).filter((label) => label === 1).length;
  if (ones === 0 || ones === n)
    throw new StatsInputError(
      `a probe needs examples of both classes, got ${ones} positive and ${n - ones} negative ones`,
    );
  if (numbers % n !== 0) throw new StatsInputError(`${numbers} numbers are not ${n} rows of equal length`);
  return n;
}

/** Second derivative of the loss by f. */
function curvature(f: number, c: number): number {
  const small = Math.exp(-Math.abs(f));
  return (c * small) / (1 + small) ** 2;
}

function sigmoid(f: number): number {
  const small = Math.exp(-Math.abs(f));
  return (f >= 0 ? 1 : small) / (1 + small);
}

function softplus(f: number): number {
  return Math.max(f, 0) + Math.log1p(Math.exp(-Math.abs(f)));
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + value * b[k], 0);
}
