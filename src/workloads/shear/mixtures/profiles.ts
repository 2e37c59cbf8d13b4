/** Round surface-brightness profiles of unit flux: what a mixture stands in for. */
import { logGamma } from '../../../stats/special.ts';
import { lowerGamma } from './special.ts';

/** A radial profile of unit total flux. */
export interface RadialProfile {
  /** Surface brightness at a radius, both in the profile's unit of length (its hlr, or its FWHM). */
  readonly value: (radius: number) => number;
  /** With r = u^power the profile is smooth in u at 0: where quadrature has to bend its nodes. */
  readonly power: number;
}

/** b_n of a Sérsic profile: P(2n, b) = ½, so that half of the flux lies within the half-light radius. */
export function sersicB(n: number): number {
  // Start: Ciotti & Bertin (1999), equation 18.
  let b = 2 * n - 1 / 3 + 0.009876 / n;
  for (let i = 0; i < 50; i++) {
    const slope = Math.exp((2 * n - 1) * Math.log(b) - b - logGamma(2 * n));
    const step = (lowerGamma(2 * n, b) - 0.5) / slope;
    b -= step;
    if (Math.abs(step) < 1e-14 * b) break;
  }
  return b;
}

/** Sérsic profile of index n, lengths in half-light radii: exp(−b r^(1/n)) / (2π n b^(−2n) Γ(2n)). */
export function sersicProfile(n: number): RadialProfile {
  const b = sersicB(n);
  const logNorm = Math.log(2 * Math.PI * n) - 2 * n * Math.log(b) + logGamma(2 * n);
  const exponent = 1 / n;
  return { value: (radius) => Math.exp(-b * radius ** exponent - logNorm), power: Math.max(1, Math.ceil(n)) };
}

/** Moffat profile of index β > 1, lengths in FWHM: (β−1)/(π r0²) (1 + r²/r0²)^(−β), r0 = 1/(2 √(2^(1/β) − 1)). */
export function moffatProfile(beta: number): RadialProfile {
  const r0Squared = 0.25 / (2 ** (1 / beta) - 1);
  const norm = (beta - 1) / (Math.PI * r0Squared);
  return { value: (radius) => norm * (1 + (radius * radius) / r0Squared) ** -beta, power: 1 };
}
