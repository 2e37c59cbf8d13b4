/** Solvers of the sampling equation, and what they cost. */

export const SOLVERS = [
  'euler',
  'midpoint',
  'heun',
  'rk4',
  'dopri5',
  'zero_ends',
  'non_singular',
  'edm',
  'vp_sde',
] as const;
export type Solver = (typeof SOLVERS)[number];

const EVALUATIONS: Readonly<Record<Solver, number>> = {
  euler: 1,
  midpoint: 2,
  heun: 2,
  rk4: 4,
  dopri5: 6,
  zero_ends: 1,
  non_singular: 1,
  edm: 2,
  vp_sde: 1,
};

/** Evaluations of the network in one step; of an adaptive solver in one attempt. */
export const evaluationsPerStep = (solver: Solver) => EVALUATIONS[solver];

/** Evaluations of the network a sample; the most that an adaptive solver may take. */
export function evaluationsOf(solver: Solver, steps: number): number {
  const inSteps = steps * EVALUATIONS[solver];
  // EDM's last step is one of Euler's; Dormand and Prince's first slope is the only one that no step before it has left.
  return solver === 'edm' ? inSteps - 1 : solver === 'dopri5' ? inSteps + 1 : inSteps;
}

/** True for the solvers whose strength of noise is free. */
export const hasAlpha = (solver: Solver) => solver === 'zero_ends' || solver === 'non_singular';

/** True where each sample takes as many steps as it needs; `steps` then bounds the attempts. */
export const isAdaptive = (solver: Solver) => solver === 'dopri5';

/** True for the solvers of diffusion models, whose steps follow a table of noise levels. */
export const hasSchedule = (solver: Solver) => solver === 'edm' || solver === 'vp_sde';

/**
 * How the fixed steps of a solver are spread over t from 0 to 1: step i ends where 1 − t = (1 − i/n)ᵖ, p = 1 for `uniform` and 2 for `late`. A
 * posterior of width σ, in units of the prior's, takes its shape where 1 − t is about σ: steps that are short there follow it with fewer
 * evaluations. Schedules and adapted steps have times of their own.
 */
export const SPACINGS = ['late', 'uniform'] as const;
export type Spacing = (typeof SPACINGS)[number];
export const DEFAULT_SPACING: Spacing = 'late';

/** The p of a spacing. */
export const spacingPower = (spacing: Spacing) => (spacing === 'late' ? 2 : 1);

/** Time at which a step begins, and its length. */
export function stepTime(step: number, steps: number, spacing: Spacing): { readonly t: number; readonly h: number } {
  const p = spacingPower(spacing);
  const left = ((steps - step) / steps) ** p;
  return { t: 1 - left, h: left - ((steps - step - 1) / steps) ** p };
}

/** True for the solvers whose steps are spread by a spacing. */
export const hasSpacing = (solver: Solver) => !isAdaptive(solver) && !hasSchedule(solver);

/** Steps at which a solver is used unless somebody says otherwise; attempts of an adaptive one. */
export const defaultSteps = (solver: Solver) => DEFAULT_STEPS[solver];

const DEFAULT_STEPS: Readonly<Record<Solver, number>> = {
  euler: 100,
  midpoint: 10,
  heun: 20,
  rk4: 10,
  dopri5: 500,
  zero_ends: 100,
  non_singular: 100,
  edm: 18,
  vp_sde: 1000,
};
