/** Where a training is: everything that its next steps hang on, beside the setup. */
import { initialMlp } from '../../../nn/mlp-init.ts';
import type { TrainingSetup } from './setup.ts';

export interface TrainerState {
  /** Steps taken. The next step's random numbers follow from it. */
  readonly step: number;
  /** Steps left out because their gradient was not finite (half precision). */
  readonly skipped: number;
  /** What the loss is multiplied by before it is differentiated; 1 in f32. */
  readonly lossScale: number;
  /** Good steps since the scale last changed. */
  readonly since: number;
  /** Weights, first and second moments, moving average: [4][size of `mlpLayout`]. */
  readonly optimiser: Float32Array<ArrayBuffer>;
}

/** Loss scale that half precision starts with. */
const FIRST_SCALE = 4096;

/** Before the first step. */
export function initialState({ net, seed, precision }: TrainingSetup): TrainerState {
  const weights = initialMlp(net, seed);
  const optimiser = new Float32Array(4 * weights.length);
  optimiser.set(weights);
  optimiser.set(weights, 3 * weights.length);
  return { step: 0, skipped: 0, lossScale: precision === 'f32' ? 1 : FIRST_SCALE, since: 0, optimiser };
}

/** The moving average of the weights: what is used. */
export function averageOf({ optimiser }: TrainerState): Float32Array<ArrayBuffer> {
  return optimiser.slice((3 * optimiser.length) / 4);
}
