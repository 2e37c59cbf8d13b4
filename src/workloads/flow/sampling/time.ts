/** Where on the way from noise to posterior a solver is after some of its steps. */
import { DEFAULT_DIFFUSION, edmSigmas, vpPath } from './schedule.ts';
import { DEFAULT_SPACING, isAdaptive, type Solver, type Spacing, stepTime } from './solvers.ts';

export interface Steps {
  readonly solver: Solver;
  readonly steps: number;
  readonly spacing?: Spacing;
}

/**
 * Time t of the straight path (`schedule.ts`) after `step` of `steps` steps; EDM and VP begin above 0. Samples of an adaptive solver have times
 * of their own: the share of its steps stands for them.
 */
export function timeAfter(step: number, { solver, steps, spacing = DEFAULT_SPACING }: Steps): number {
  if (step >= steps) return 1;
  if (solver === 'edm') return 1 / (1 + edmSigmas(steps, DEFAULT_DIFFUSION)[step]);
  if (solver === 'vp_sde') return vpPath((steps - step) / steps, DEFAULT_DIFFUSION).t;
  return isAdaptive(solver) ? step / steps : stepTime(step, steps, spacing).t;
}
