/** Where a training is: everything that its next steps hang on, beside what is trained. */
import { OPTIMISER_PARTS, STATE_BYTES } from '../optimiser/kernels.ts';

export interface TrainerState {
  /** Steps taken. The next step's random numbers follow from it. */
  readonly step: number;
  /** Steps left out because their gradient was not finite (half precision). */
  readonly skipped: number;
  /** What the loss is multiplied by before it is differentiated; 1 in f32. */
  readonly lossScale: number;
  /** Good steps since the scale last changed. */
  readonly since: number;
  /** Weights, first and second moments, moving average: [4][size of the flat vector]. */
  readonly optimiser: Float32Array<ArrayBuffer>;
}

/** All but the numbers of the optimiser. */
export type Counters = Omit<TrainerState, 'optimiser'>;

/** Loss scale that half precision starts with. */
const FIRST_SCALE = 4096;

/** Before the first step. */
export function firstState(weights: Float32Array, scaled: boolean): TrainerState {
  const optimiser = new Float32Array(OPTIMISER_PARTS * weights.length);
  optimiser.set(weights);
  optimiser.set(weights, 3 * weights.length);
  return { step: 0, skipped: 0, lossScale: scaled ? FIRST_SCALE : 1, since: 0, optimiser };
}

/** The moving average of the weights: what is used. */
export function averageOf({ optimiser }: TrainerState): Float32Array<ArrayBuffer> {
  return optimiser.slice((3 * optimiser.length) / OPTIMISER_PARTS);
}

/** As `shaders/nn/optimiser/state.wgsl` has them. */
export function counterBytes({ step, skipped, lossScale, since }: Counters): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(STATE_BYTES));
  view.setUint32(0, step, true);
  view.setUint32(4, skipped, true);
  view.setFloat32(8, lossScale, true);
  view.setUint32(12, since, true);
  return view.buffer as ArrayBuffer;
}

export function countersOf(bytes: ArrayBuffer): Counters {
  const view = new DataView(bytes);
  return {
    step: view.getUint32(0, true),
    skipped: view.getUint32(4, true),
    lossScale: view.getFloat32(8, true),
    since: view.getUint32(12, true),
  };
}
