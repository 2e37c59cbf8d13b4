/** Where a trained network comes from, as its file says it. */
import type { Provenance } from '../weights/network-file.ts';
import type { TrainingCheckpoint } from './run.ts';

export function provenanceOf({ recipe, state, elapsedMs }: TrainingCheckpoint, adapter: string): Provenance {
  const { simulations, batch, seed, precision } = recipe;
  return { simulations, steps: state.step, batch, seed, precision, seconds: Math.round(elapsedMs / 1000), adapter };
}
