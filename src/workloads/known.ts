/** Experiments whose descriptions are loaded: those that a form, a link or a configuration may name unless told otherwise. */
import type { Experiment } from './workload.ts';

const known: Experiment[] = [];

/** In the order in which they became known; the first is what a visitor sees first. */
export const knownExperiments: readonly Experiment[] = known;

/** From now on these can be named. Once is enough. */
export function know(experiments: readonly Experiment[]): void {
  for (const experiment of experiments) if (!known.some(({ id }) => id === experiment.id)) known.push(experiment);
}
