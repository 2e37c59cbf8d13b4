/** Fourier transform of the Moffat PSF, (1 + r²/r0²)^(−β), normalised to 1 at k = 0 (Trujillo et al. 2001). */
import { logGamma } from './gamma.ts';
import { RadialTable } from './radial-table.ts';

/** r0 of a Moffat profile: FWHM / (2 √(2^(1/β) − 1)). */
export function moffatScaleRadius(fwhm: number, beta: number): number {
  return fwhm / (2 * Math.sqrt(2 ** (1 / beta) - 1));
}

/**
 * z^ν K_ν(z) for z > 0 from K_ν(z) = ∫₀^∞ e^(−z cosh t) cosh(νt) dt (DLMF 10.32.9) by the trapezoid rule,
 * whose error falls like e^(−π²/h), 1e-21 at h = 0.2.
 */
export function scaledBesselK(order: number, z: number): number {
  // Where z is large the integrand is a Gaussian of σ = z^(−1/2), which asks for finer steps.
  const h = Math.min(0.2, 0.7 / Math.sqrt(z));
  const nu = Math.abs(order);
  const logZ = Math.log(z);
  let sum = 0;
  for (let j = 0; ; j++) {
    const t = j * h;
    const exponent = -z * Math.cosh(t);
    const term = 0.5 * (Math.exp(exponent + nu * t) + Math.exp(exponent - nu * t)) * (j === 0 ? 0.5 : 1);
    sum += term;
    if (exponent + nu * t < -40 + Math.min(0, -z) && z * Math.sinh(t) > nu) {
      return h * sum * Math.exp(order * logZ);
    }
  }
}

/**
 * The transform of a Moffat PSF as a function of log(|k| · r0): 2^(2−β)/Γ(β−1) · z^(β−1) K_(β−1)(z), β > 1.
 * Its slope in log z is −z² · z^(β−2) K_(β−2)(z) times the same factor.
 */
export function moffatTransform(beta: number): (logZ: number) => number {
  const order = beta - 1;
  const norm = Math.exp((1 - order) * Math.LN2 - logGamma({ re: order, im: 0 }).re);
  const table = new RadialTable(1e-4, 100, (z) => ({
    value: norm * scaledBesselK(order, z),
    slope: -norm * z * z * scaledBesselK(order - 1, z),
  }));
  return (logZ) => table.atLog(logZ);
}
