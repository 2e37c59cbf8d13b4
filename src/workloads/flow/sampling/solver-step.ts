/**
 * One step of the solvers with fixed steps, in f64: of one sample, or of many side by side, since nothing but the velocity knows how many there
 * are. Twin of `shaders/flow/sample.wgsl`.
 */
import { diffusionStart, edmStep, vpStep } from './diffusion-twin.ts';
import type { Tolerance } from './dopri5.ts';
import { DEFAULT_DIFFUSION, type DiffusionSettings } from './schedule.ts';
import { DEFAULT_SPACING, type Solver, type Spacing, stepTime } from './solvers.ts';
import type { Step } from './step.ts';

export interface Sampling {
  readonly solver: Solver;
  readonly steps: number;
  readonly seed: number;
  /** Strength of the noise of `zero_ends` and `non_singular`. */
  readonly alpha: number;
  /** `late` unless given. */
  readonly spacing?: Spacing;
  readonly tolerance?: Tolerance;
  readonly diffusion?: DiffusionSettings;
}

/** Standard deviation of the positions at the start. */
export function startScale({ solver, steps, diffusion = DEFAULT_DIFFUSION }: Sampling): number {
  return solver === 'edm' || solver === 'vp_sde' ? diffusionStart(solver, steps, diffusion) : 1;
}

const along = (x: Float64Array, v: Float64Array, by: number) => x.map((value, i) => value + by * v[i]);

/**
 * Step number `step` from x. `noise` gives the normals of draw 0 (the start), 1 (the first step) …, as many as there are positions. Adaptive
 * solvers have no such step.
 */
export function* solverStep(
  x: Float64Array,
  step: number,
  { solver, steps, alpha, diffusion = DEFAULT_DIFFUSION, spacing = DEFAULT_SPACING }: Sampling,
  noise: (draw: number) => Float64Array,
): Step {
  if (solver === 'edm') return yield* edmStep(x, step, steps, diffusion);
  if (solver === 'vp_sde') return yield* vpStep(x, step, steps, diffusion, noise(1 + step));
  const { t, h } = stepTime(step, steps, spacing);
  const k1 = yield { x, t };
  if (solver === 'euler') return along(x, k1, h);
  if (solver === 'midpoint') return along(x, yield { x: along(x, k1, h / 2), t: t + h / 2 }, h);
  if (solver === 'heun') return along(along(x, k1, h / 2), yield { x: along(x, k1, h), t: t + h }, h / 2);
  if (solver === 'rk4') {
    const k2 = yield { x: along(x, k1, h / 2), t: t + h / 2 };
    const k3 = yield { x: along(x, k2, h / 2), t: t + h / 2 };
    const k4 = yield { x: along(x, k3, h), t: t + h };
    return x.map((value, i) => value + (h / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
  }
  const g2 = alpha * alpha * (solver === 'zero_ends' ? t * (1 - t) : 1 - t);
  const w = noise(1 + step);
  return x.map((value, i) => {
    const pull = 0.5 * (g2 / (1 - t)) * (t * k1[i] - value);
    return value + h * (k1[i] + pull) + Math.sqrt(g2 * h) * w[i];
  });
}
