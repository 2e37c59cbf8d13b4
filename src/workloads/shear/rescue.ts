/** How posteriors that failed are sampled again: `ALGORITHM.md`, "Rescue". */
import type { ParamValues } from '../params.ts';
import { readShearParams } from './params.ts';

/** Effective draws that a converged posterior needs: a run of fewer draws was not meant to converge. */
const LEAST_DRAWS = 400;
/** The parameter table's limits. */
const MOST_DRAWS = 20_000;
const MOST_STEPS = 64;

const DRAWS_FACTOR = 4;
/** Leapfrog steps of a rescued trajectory. */
const FIRST_STEPS = 4;
const LAST_STEPS = 8;

/** Why posteriors that failed are not sampled again, as the end of a sentence; undefined where they are. */
export function rescueObjection(values: ParamValues): string | undefined {
  const { rescue, stepSize, chains, draws } = readShearParams(values);
  if (!rescue) return 'rescue is switched off';
  if (stepSize > 0) return `the step size is fixed (${stepSize}), and a rescue would choose another`;
  if (chains * draws >= LEAST_DRAWS) return undefined;
  return `${chains} × ${draws} draws cannot have the ${LEAST_DRAWS} effective ones that converged posteriors need`;
}

/**
 * Leapfrog, whose trajectory does not lean on the fitted Gaussian, in four steps, and four times the draws; the second time eight steps
 * and sixteen times the draws. Undefined where rescue is off, where too few draws were asked for, and where the step size was chosen, since a
 * run that shows divergences must not repair them.
 */
export function rescueParams(values: ParamValues, rescue: number): ParamValues | undefined {
  if (rescueObjection(values) !== undefined) return undefined;
  const params = readShearParams(values);
  const steps = rescue === 1 ? FIRST_STEPS : LAST_STEPS;
  return {
    ...values,
    integrator: 'leapfrog',
    integratorSteps: Math.min(MOST_STEPS, Math.max(steps, 2 * params.integratorSteps)),
    draws: Math.max(params.draws, Math.min(MOST_DRAWS, params.draws * DRAWS_FACTOR ** rescue)),
  };
}
