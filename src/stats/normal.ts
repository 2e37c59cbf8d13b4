/** The standard normal distribution in f64: quantile and cumulative probability. */

/**
 * Quantile of the standard normal: x with Φ(x) = p, relative error about 1e-16.
 * M. J. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Appl. Statist. 37 (1988) 477,
 * routine PPND16. Twin of `normal_quantile` in `shaders/lib/normal.wgsl`.
 * @param p in (0, 1); 0 and 1 give −∞ and ∞, anything else outside NaN.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0 || p === 1) return p === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_NUM, r)) / polynomial(CENTRE_DEN, r);
  }
  const s = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const x =
    s <= 5
      ? polynomial(NEAR_NUM, s - 1.6) / polynomial(NEAR_DEN, s - 1.6)
      : polynomial(FAR_NUM, s - 5) / polynomial(FAR_DEN, s - 5);
  return q < 0 ? -x : x;
}

/**
 * Φ(x), relative error below 1e-13 in the lower tail too.
 * |x| < 2: the all-positive series Φ = ½ + φ(x)(x + x³/3 + x⁵/15 + …), G. Marsaglia, J. Stat. Soft. 11(4) (2004).
 * Beyond: the continued fraction of the Mills ratio, 1 − Φ = φ(x)/(x + 1/(x + 2/(x + 3/…))), Abramowitz & Stegun 26.2.14.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const z = Math.abs(x);
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  if (z < 2) {
    let term = x;
    let sum = x;
    for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
      term *= (x * x) / n;
      sum += term;
    }
    return 0.5 + density * sum;
  }
  if (density === 0) return x < 0 ? 0 : 1;
  // The truncation error after n terms falls like exp(−2 z √(2n)): this many leave 1e-16 with room.
  let fraction = 0;
  for (let n = Math.ceil(20 + 400 / (z * z)); n > 0; n--) fraction = n / (z + fraction);
  const tail = density / (z + fraction);
  return x < 0 ? tail : 1 - tail;
}

/** Coefficients from the constant term up. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}

// The published digits, rounded to f64.
const CENTRE_NUM = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
];
const CENTRE_DEN = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
];
const NEAR_NUM = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const NEAR_DEN = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const FAR_NUM = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const FAR_DEN = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
  1.421511758316446e-7, 2.0442631033899397e-15,
];
