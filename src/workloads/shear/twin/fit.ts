/** Levenberg–Marquardt with a fixed number of steps: `ALGORITHM.md`, "Fit". */
import { cholesky, solveLower, solveLowerTransposed } from './linear.ts';
import type { ShearPosterior } from './posterior.ts';
import { startingPoint } from './transform.ts';

const STEPS = 12;
const INITIAL_DAMPING = 1e-2;
const DAMPING_DOWN = 0.3;
const DAMPING_UP = 5;
/** In f32 the noise of the objective decides near the mode; a Gauss–Newton step is better informed. The kernel does the same. */
const TOLERANCE = 1e-3;
/** Largest step a coordinate: g1 g2, logits, log flux and log hlr, e1 e2. */
const CLIP = [0.2, 0.2, 2, 2, 0.7, 0.7, 0.2, 0.2];

export interface Fit {
  readonly q: Float64Array;
  /** H = JᵀJ/σ² + P there, d × d. */
  readonly curvature: Float64Array;
}

/** Thirteen evaluations from the prior's centre; the last point accepted and its curvature. */
export function fitPosterior(posterior: ShearPosterior): Fit {
  const d = posterior.spec.free;
  let q = startingPoint(posterior.spec);
  let gradient = new Float64Array(d);
  let curvature = new Float64Array(d * d);
  let trialGradient = new Float64Array(d);
  let trialCurvature = new Float64Array(d * d);
  let best = posterior.logDensity(q, gradient, true);
  posterior.curvatureInto(q, curvature);
  let damping = INITIAL_DAMPING;
  for (let step = 0; step < STEPS; step++) {
    const trial = q.slice();
    const move = dampedStep(curvature, gradient, damping, d);
    for (let i = 0; i < d; i++) trial[i] += Math.max(-CLIP[i], Math.min(CLIP[i], move[i]));
    const value = posterior.logDensity(trial, trialGradient, true);
    if (Number.isFinite(value) && value > best - TOLERANCE) {
      posterior.curvatureInto(trial, trialCurvature);
      q = trial;
      best = value;
      [gradient, trialGradient] = [trialGradient, gradient];
      [curvature, trialCurvature] = [trialCurvature, curvature];
      damping *= DAMPING_DOWN;
    } else {
      damping *= DAMPING_UP;
    }
  }
  return { q, curvature };
}

/** δ with (H + λ diag H) δ = ∇f; not a number where H has a bad pivot, so that the trial is refused. */
function dampedStep(curvature: Float64Array, gradient: Float64Array, damping: number, d: number): Float64Array {
  const damped = curvature.slice();
  for (let i = 0; i < d; i++) damped[i * d + i] *= 1 + damping;
  const lower = cholesky(damped, d);
  return lower ? solveLowerTransposed(lower, solveLower(lower, gradient, d), d) : new Float64Array(d).fill(Number.NaN);
}
