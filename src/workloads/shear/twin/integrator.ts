/** Symplectic integrators of H = −log p(z) + ½|p|². `ALGORITHM.md`, "HMC". */
import type { Integrator } from '../model-spec.ts';

/** log p at z; writes its gradient. */
export type LogDensity = (z: Float64Array, gradient: Float64Array) => number;

/** A point of phase space: changed in place by `integrate`. */
export interface PhasePoint {
  readonly z: Float64Array;
  readonly momentum: Float64Array;
  /** ∇ log p at z. */
  readonly gradient: Float64Array;
  logDensity: number;
}

/** Minimises the error of the two-stage scheme on a Gaussian: McLachlan (1995), SIAM J. Sci. Comput. 16, 151. */
const MINIMAL_NORM_B = 0.1931833275037836;

/** `steps` steps of size ε from `point`, in place. */
export function integrate(
  density: LogDensity,
  integrator: Integrator,
  steps: number,
  stepSize: number,
  point: PhasePoint,
): void {
  const { z, momentum, gradient } = point;
  const kick = (fraction: number) => {
    for (let i = 0; i < z.length; i++) momentum[i] += fraction * stepSize * gradient[i];
  };
  const drift = (fraction: number) => {
    for (let i = 0; i < z.length; i++) z[i] += fraction * stepSize * momentum[i];
    point.logDensity = density(z, gradient);
  };
  const residualKick = (fraction: number) => {
    for (let i = 0; i < z.length; i++) momentum[i] += fraction * stepSize * (gradient[i] + z[i]);
  };
  const rotate = () => {
    const [cos, sin] = [Math.cos(stepSize), Math.sin(stepSize)];
    for (let i = 0; i < z.length; i++) {
      [z[i], momentum[i]] = [cos * z[i] + sin * momentum[i], cos * momentum[i] - sin * z[i]];
    }
    point.logDensity = density(z, gradient);
  };
  for (let step = 0; step < steps; step++) {
    if (integrator === 'gaussian-split') {
      residualKick(0.5);
      rotate();
      residualKick(0.5);
    } else if (integrator === 'leapfrog') {
      kick(0.5);
      drift(1);
      kick(0.5);
    } else {
      kick(MINIMAL_NORM_B);
      drift(0.5);
      kick(1 - 2 * MINIMAL_NORM_B);
      drift(0.5);
      kick(MINIMAL_NORM_B);
    }
  }
}

/** H of a phase point. */
export function hamiltonian(point: PhasePoint): number {
  let kinetic = 0;
  for (let i = 0; i < point.momentum.length; i++) kinetic += point.momentum[i] * point.momentum[i];
  return 0.5 * kinetic - point.logDensity;
}
