/** Where a trained network comes from, as its file says it. */
import type { Provenance } from '../weights/network-file.ts';
import type { TrainingCheckpoint } from './run.ts';

interface SeenIn {
  readonly simulations: number;
  readonly steps: number;
  /** Missing in files of others. */
  readonly batch?: number;
}

/** How many simulations a training can have seen, in words: a short one does not come to all that its batches are drawn from. */
export function simulationsWords({ simulations, steps, batch }: SeenIn): string {
  const all = simulations.toLocaleString('en-US');
  const most = steps * (batch ?? Number.POSITIVE_INFINITY);
  return most < simulations ? `up to ${most.toLocaleString('en-US')} of ${all} simulations` : `${all} simulations`;
}

export function provenanceOf({ recipe, state, elapsedMs }: TrainingCheckpoint, adapter: string): Provenance {
  const { simulations, batch, seed, precision, timePower, shoulder, optimiser } = recipe;
  const { step: steps } = state;
  const learningRate = optimiser.rate;
  const seconds = Math.round(elapsedMs / 1000);
  return { simulations, steps, batch, learningRate, timePower, shoulder, seed, precision, seconds, adapter };
}
