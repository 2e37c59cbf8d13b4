/** Steps of a solver by the evaluations of the network that they come to. */
import { evaluationsOf, evaluationsPerStep, isAdaptive, type Solver } from '../sampling/solvers.ts';

/** Ends of the slider. */
export const FEWEST = 4;
export const MOST = 200;
/** What accuracy costs is measured at these. */
export const LADDER = [4, 8, 20, 40, 100, 200] as const;

/** Steps with which a solver of equal steps comes nearest to so many evaluations; one at least. */
export function stepsFor(solver: Solver, evaluations: number): number {
  // EDM's last step takes one evaluation less.
  const extra = evaluationsOf(solver, 1) - evaluationsPerStep(solver);
  return Math.max(1, Math.round((evaluations - extra) / evaluationsPerStep(solver)));
}

/** Places of the slider: equal distances are equal factors, since an evaluation more matters less the more there are. */
export const PLACES = 100;

export function evaluationsAt(place: number): number {
  return Math.round(FEWEST * (MOST / FEWEST) ** (place / PLACES));
}

export function placeOf(evaluations: number): number {
  const place = (PLACES * Math.log(evaluations / FEWEST)) / Math.log(MOST / FEWEST);
  return Math.round(Math.min(PLACES, Math.max(0, place)));
}

/** "midpoint × 10 steps = 20 evaluations a sample". */
export function costWords(solver: Solver, name: string, steps: number): string {
  const evaluations = evaluationsOf(solver, steps);
  if (isAdaptive(solver)) return `${name}: each sample takes the steps it needs, at most ${evaluations} evaluations`;
  return `${name} × ${steps} ${steps === 1 ? 'step' : 'steps'} = ${evaluations} ${evaluations === 1 ? 'evaluation' : 'evaluations'} a sample`;
}
