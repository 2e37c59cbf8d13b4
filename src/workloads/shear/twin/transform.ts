/**
 * Coordinates of a shear posterior: unconstrained q ↔ natural θ → the six basic parameters of the image, with their
 * Jacobian and the log prior. Order of θ and q: g1 g2 x y [flux hlr [e1 e2]]; x, y in px from the stamp centre, hlr in px.
 * Formulas: `ALGORITHM.md`, "Units and parameters".
 */
import type { ModelSpec, UniformPrior } from '../model-spec.ts';

/** flux, xc, yc, Txx, Txy, Tyy. */
export const BASIC_COUNT = 6;
/** |g|² and |e|² stay below these. */
const MAX_SHEAR_SQUARED = 0.99;
const MAX_ELLIPTICITY_SQUARED = 0.98;

/** xc = mid + (b − a) ½ tanh(q/2): a logit that keeps full precision near the centre. */
function position(prior: UniformPrior, q: number): number {
  return 0.5 * (prior.low + prior.high) + 0.5 * (prior.high - prior.low) * Math.tanh(0.5 * q);
}

/** s (1 − s) with s = sigmoid(q). */
function logisticDensity(q: number): number {
  const decay = Math.exp(-Math.abs(q));
  return decay / (1 + decay) ** 2;
}

/** Starting point of the fit: prior means and medians, the centre of the position prior. */
export function startingPoint(spec: ModelSpec): Float64Array {
  const { prior } = spec;
  const all = [prior.g1.mean, prior.g2.mean, 0, 0, prior.logFlux.mean, prior.logHlrPx.mean, 0, 0];
  return Float64Array.from(all.slice(0, spec.free));
}

/** θ(q), d values. */
export function toNatural(spec: ModelSpec, q: Float64Array): Float64Array {
  const theta = Float64Array.from(q);
  theta[2] = position(spec.prior.x, q[2]);
  theta[3] = position(spec.prior.y, q[3]);
  if (spec.free >= 6) {
    theta[4] = Math.exp(q[4]);
    theta[5] = Math.exp(q[5]);
  }
  return theta;
}

/** q(θ), the inverse of `toNatural`; positions must lie inside their prior. */
export function toUnconstrained(spec: ModelSpec, theta: ArrayLike<number>): Float64Array {
  const q = Float64Array.from(theta);
  const logit = (prior: UniformPrior, x: number) => Math.log((x - prior.low) / (prior.high - x));
  q[2] = logit(spec.prior.x, theta[2]);
  q[3] = logit(spec.prior.y, theta[3]);
  if (spec.free >= 6) {
    q[4] = Math.log(theta[4]);
    q[5] = Math.log(theta[5]);
  }
  return q;
}

/** Diagonal of ∂θ/∂q, d values. */
export function naturalSlopes(spec: ModelSpec, q: Float64Array): Float64Array {
  const slopes = new Float64Array(spec.free).fill(1);
  slopes[2] = (spec.prior.x.high - spec.prior.x.low) * logisticDensity(q[2]);
  slopes[3] = (spec.prior.y.high - spec.prior.y.low) * logisticDensity(q[3]);
  if (spec.free >= 6) {
    slopes[4] = Math.exp(q[4]);
    slopes[5] = Math.exp(q[5]);
  }
  return slopes;
}

/**
 * Log prior in q without constants; −∞ outside |g|² < 0.99, |e|² < 0.98. Writes its gradient (d).
 */
export function logPrior(spec: ModelSpec, q: Float64Array, gradient: Float64Array): number {
  const { prior, free } = spec;
  let total = 0;
  const normal = (i: number, mean: number, sigma: number) => {
    const t = (q[i] - mean) / sigma;
    total -= 0.5 * t * t;
    gradient[i] = -t / sigma;
  };
  normal(0, prior.g1.mean, prior.g1.sigma);
  normal(1, prior.g2.mean, prior.g2.sigma);
  for (let i = 2; i < 4; i++) {
    total += -Math.abs(q[i]) - 2 * Math.log1p(Math.exp(-Math.abs(q[i])));
    gradient[i] = -Math.tanh(0.5 * q[i]);
  }
  if (free >= 6) {
    normal(4, prior.logFlux.mean, prior.logFlux.sigma);
    normal(5, prior.logHlrPx.mean, prior.logHlrPx.sigma);
  }
  if (free === 8) {
    normal(6, 0, prior.e.sigma);
    normal(7, 0, prior.e.sigma);
    if (!(q[6] * q[6] + q[7] * q[7] < MAX_ELLIPTICITY_SQUARED)) total = Number.NEGATIVE_INFINITY;
  }
  return q[0] * q[0] + q[1] * q[1] < MAX_SHEAR_SQUARED ? total : Number.NEGATIVE_INFINITY;
}

/** Diagonal of P, the prior's curvature in q: 1/σ², and 2 s (1 − s) for the logits. */
export function priorCurvature(spec: ModelSpec, q: Float64Array): Float64Array {
  const { prior } = spec;
  const all = [
    prior.g1.sigma ** -2,
    prior.g2.sigma ** -2,
    2 * logisticDensity(q[2]),
    2 * logisticDensity(q[3]),
    prior.logFlux.sigma ** -2,
    prior.logHlrPx.sigma ** -2,
    prior.e.sigma ** -2,
    prior.e.sigma ** -2,
  ];
  return Float64Array.from(all.slice(0, spec.free));
}

/** Symmetric 2×2 matrix as (xx, xy, yy). */
type Symmetric = readonly [number, number, number];

/** (1 − |g|²)^(−½) [[1+g1, g2], [g2, 1−g1]]: the shear matrix, and with a distortion e its square. */
function shearMatrix(g1: number, g2: number): Symmetric {
  const n = 1 / Math.sqrt(1 - g1 * g1 - g2 * g2);
  return [n * (1 + g1), n * g2, n * (1 - g1)];
}

/** Its derivatives: dS/dg_i = n² g_i S + n · (diag(1, −1) or the exchange matrix). */
function shearMatrixSlopes(g1: number, g2: number): [Symmetric, Symmetric] {
  const nn = 1 / (1 - g1 * g1 - g2 * g2);
  const n = Math.sqrt(nn);
  const [xx, xy, yy] = shearMatrix(g1, g2);
  const a = nn * g1;
  const b = nn * g2;
  return [
    [a * xx + n, a * xy, a * yy - n],
    [b * xx, b * xy + n, b * yy],
  ];
}

/** A B A for symmetric A, B. */
function sandwich(a: Symmetric, b: Symmetric): Symmetric {
  const xx = a[0] * b[0] + a[1] * b[1];
  const xy = a[0] * b[1] + a[1] * b[2];
  const yx = a[1] * b[0] + a[2] * b[1];
  const yy = a[1] * b[1] + a[2] * b[2];
  return [xx * a[0] + xy * a[1], xx * a[1] + xy * a[2], yx * a[1] + yy * a[2]];
}

/** D B A + A B D for symmetric D, B, A. */
function productRule(d: Symmetric, b: Symmetric, a: Symmetric): Symmetric {
  const xx = d[0] * b[0] + d[1] * b[1];
  const xy = d[0] * b[1] + d[1] * b[2];
  const yx = d[1] * b[0] + d[2] * b[1];
  const yy = d[1] * b[1] + d[2] * b[2];
  const pxx = xx * a[0] + xy * a[1];
  const pxy = xx * a[1] + xy * a[2];
  const pyx = yx * a[0] + yy * a[1];
  const pyy = yx * a[1] + yy * a[2];
  return [2 * pxx, pxy + pyx, 2 * pyy];
}

/**
 * Basic parameters (6) at q, and L = ∂basic/∂q (6 × d, row-major). T = hlr² S_g E S_g.
 * The caller guarantees a finite log prior, so that |g| < 1 and |e| < 1.
 */
export function toBasic(spec: ModelSpec, q: Float64Array, basic: Float64Array, jacobian: Float64Array): void {
  const d = spec.free;
  const flux = d >= 6 ? Math.exp(q[4]) : spec.flux;
  const hlr = d >= 6 ? Math.exp(q[5]) : spec.hlrPx;
  const e1 = d === 8 ? q[6] : spec.e1;
  const e2 = d === 8 ? q[7] : spec.e2;
  const scale = hlr * hlr;
  const shear = shearMatrix(q[0], q[1]);
  const intrinsic = shearMatrix(e1, e2);
  const shape = sandwich(shear, intrinsic);
  basic[0] = flux;
  basic[1] = position(spec.prior.x, q[2]);
  basic[2] = position(spec.prior.y, q[3]);
  for (let i = 0; i < 3; i++) basic[3 + i] = scale * shape[i];

  jacobian.fill(0);
  const column = (j: number, slope: Symmetric) => {
    for (let i = 0; i < 3; i++) jacobian[(3 + i) * d + j] = scale * slope[i];
  };
  const shearSlopes = shearMatrixSlopes(q[0], q[1]);
  column(0, productRule(shearSlopes[0], intrinsic, shear));
  column(1, productRule(shearSlopes[1], intrinsic, shear));
  jacobian[d + 2] = (spec.prior.x.high - spec.prior.x.low) * logisticDensity(q[2]);
  jacobian[2 * d + 3] = (spec.prior.y.high - spec.prior.y.low) * logisticDensity(q[3]);
  if (d >= 6) {
    jacobian[4] = flux;
    column(5, [2 * shape[0], 2 * shape[1], 2 * shape[2]]);
  }
  if (d === 8) {
    const slopes = shearMatrixSlopes(e1, e2);
    column(6, sandwich(shear, slopes[0]));
    column(7, sandwich(shear, slopes[1]));
  }
}
