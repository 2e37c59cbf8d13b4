/** Training of the C2ST classifier with the stopping rule of scikit-learn's `MLPClassifier` (solver "adam", no early stopping). */
import { defaultSizes } from '../../batch/sizes.ts';
import { Adam } from './adam.ts';
import type { BinaryMlp } from './binary-mlp.ts';
import type { Steps } from './steps.ts';

export const BATCH_ROWS = defaultSizes['c2st.batch'];
const TOLERANCE = 1e-4;
const PATIENCE_EPOCHS = 10;
export const MAX_EPOCHS = 10_000;

/** Points with labels 0 and 1; rows are addressed by index. */
export interface LabelledPoints {
  /** [n, dim]. */
  readonly values: Float64Array;
  readonly dim: number;
  /** [n]. */
  readonly labels: Float64Array;
}

export interface EpochProgress {
  /** Epochs done. */
  readonly epoch: number;
  /** Mean training loss of the epoch, taken before each update. */
  readonly loss: number;
}

export interface FitResult {
  readonly losses: readonly number[];
  /** False where MAX_EPOCHS came first. */
  readonly converged: boolean;
}

/** Copies the rows that `indices[from … to)` names into the net's batch. */
export function fillBatch(
  { batch }: BinaryMlp,
  data: LabelledPoints,
  indices: Uint32Array,
  from: number,
  to: number,
): void {
  const { dim, values } = data;
  batch.rows = to - from;
  for (let row = 0; row < batch.rows; row++) {
    const index = indices[from + row];
    batch.labels[row] = data.labels[index];
    for (let j = 0; j < dim; j++) batch.inputs[row * dim + j] = values[index * dim + j];
  }
}

/**
 * Trains until the loss of an epoch has not fallen by 1e-4 below the best for more than 10 epochs in a row. One step is one epoch.
 * @param indices rows to train on; reordered by `shuffle` before every epoch.
 */
export function* fitMlp(
  net: BinaryMlp,
  data: LabelledPoints,
  indices: Uint32Array,
  shuffle: (indices: Uint32Array) => void,
): Steps<EpochProgress, FitResult> {
  const adam = new Adam(net.parameters.length);
  const losses: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  let without = 0;
  while (losses.length < MAX_EPOCHS) {
    shuffle(indices);
    let sum = 0;
    for (let from = 0; from < indices.length; from += BATCH_ROWS) {
      fillBatch(net, data, indices, from, Math.min(from + BATCH_ROWS, indices.length));
      sum += net.lossAndGradient() * net.batch.rows;
      adam.update(net.parameters, net.gradient);
    }
    const loss = sum / indices.length;
    losses.push(loss);
    without = loss > best - TOLERANCE ? without + 1 : 0;
    best = Math.min(best, loss);
    yield { epoch: losses.length, loss };
    if (without > PATIENCE_EPOCHS) return { losses, converged: true };
  }
  return { losses, converged: false };
}
