/** Gamma functions for the truth renderer: complex log-gamma, and the radius that holds half of a Sérsic profile's light. */

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** B_2j / (2j (2j−1)) of Stirling's series (DLMF 5.11.1). */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/**
 * log Γ(z) for Re z > 0, to ~1e-15 relative: shifts z until Stirling's series (DLMF 5.11.1) holds.
 * The imaginary part may differ from the principal branch by a multiple of 2π.
 */
export function logGamma(z: Complex): Complex {
  let { re } = z;
  let shiftRe = 0;
  let shiftIm = 0;
  for (; re < 12; re += 1) {
    shiftRe += 0.5 * Math.log(re * re + z.im * z.im);
    shiftIm += Math.atan2(z.im, re);
  }
  const norm = re * re + z.im * z.im;
  const logRe = 0.5 * Math.log(norm);
  const logIm = Math.atan2(z.im, re);
  let sumRe = (re - 0.5) * logRe - z.im * logIm - re + 0.5 * Math.log(2 * Math.PI);
  let sumIm = (re - 0.5) * logIm + z.im * logRe - z.im;
  const inverse = { re: re / norm, im: -z.im / norm };
  const square = { re: inverse.re ** 2 - inverse.im ** 2, im: 2 * inverse.re * inverse.im };
  let power = inverse;
  for (const coefficient of stirling) {
    sumRe += coefficient * power.re;
    sumIm += coefficient * power.im;
    power = { re: power.re * square.re - power.im * square.im, im: power.re * square.im + power.im * square.re };
  }
  return { re: sumRe - shiftRe, im: sumIm - shiftIm };
}

/** Regularised lower incomplete gamma function P(a, x) by its power series (DLMF 8.11.4), for 0 < x ≲ a + 1. */
function lowerGamma(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma({ re: a, im: 0 }).re);
}

/**
 * b_n of the Sérsic profile exp(−b (r/hlr)^(1/n)): half of the light within hlr, P(2n, b) = 1/2.
 * Newton's method from Ciotti & Bertin (1999), equation 18.
 */
export function sersicB(n: number): number {
  const a = 2 * n;
  let b = a - 1 / 3 + 4 / (405 * n);
  for (let step = 0; step < 8; step++) {
    const density = Math.exp((a - 1) * Math.log(b) - b - logGamma({ re: a, im: 0 }).re);
    b -= (lowerGamma(a, b) - 0.5) / density;
  }
  return b;
}
