/** Where a trained network comes from, as its file says it. */
import type { Provenance } from '../weights/network-file.ts';
import type { TrainingCheckpoint } from './run.ts';

export function provenanceOf({ recipe, state, elapsedMs }: TrainingCheckpoint, adapter: string): Provenance {
  const { simulations, batch, seed, precision, timePower, optimiser } = recipe;
  const { step: steps } = state;
  const learningRate = optimiser.rate;
  const seconds = Math.round(elapsedMs / 1000);
  return { simulations, steps, batch, learningRate, timePower, seed, precision, seconds, adapter };
}
