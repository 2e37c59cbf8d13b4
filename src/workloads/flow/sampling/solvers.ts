/** Solvers of the sampling equation with equal steps, and what they cost. */

export const SOLVERS = ['euler', 'midpoint', 'heun', 'rk4', 'zero_ends', 'non_singular'] as const;
export type Solver = (typeof SOLVERS)[number];

const EVALUATIONS: Readonly<Record<Solver, number>> = {
  euler: 1,
  midpoint: 2,
  heun: 2,
  rk4: 4,
  zero_ends: 1,
  non_singular: 1,
};

/** Evaluations of the network in one step. */
export const evaluationsPerStep = (solver: Solver) => EVALUATIONS[solver];

/** True for the solvers that draw random numbers on the way. */
export const isStochastic = (solver: Solver) => solver === 'zero_ends' || solver === 'non_singular';
