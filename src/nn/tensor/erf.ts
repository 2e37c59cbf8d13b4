/** The error function and the exact GELU, in f64. */

/** Beyond it erf is 1 to the last digit of f64. */
const FAR = 6;

/** erf x = 2/√π e^{−x²} Σ 2ⁿ x^{2n+1}/(2n+1)!! (Abramowitz & Stegun 7.1.6): all terms of one sign, so that nothing cancels. */
export function erf(x: number): number {
  if (Math.abs(x) >= FAR) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const cumulative = (x: number) => 0.5 * (1 + erf(x * Math.SQRT1_2));

/** x Φ(x): D. Hendrycks & K. Gimpel, Gaussian error linear units (2016), without its approximation by tanh. */
export const gelu = (x: number) => x * cumulative(x);

/** Its derivative Φ(x) + x φ(x). */
export const geluSlope = (x: number) => cumulative(x) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
