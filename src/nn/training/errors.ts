/** What ends a training, in the user's words. */
import { LimitError, OutOfMemoryError } from '../../gpu/errors.ts';

/** The batch does not fit. It is part of the estimator: nothing makes it smaller but the user. */
export class TrainingMemoryError extends Error {
  override readonly name = 'TrainingMemoryError';
  readonly field = 'batch';
  readonly kept = 'What was trained before is kept; no memory is held.';
  readonly todo: string;

  constructor(cause: OutOfMemoryError | LimitError, batch: number) {
    super(
      `A training batch of ${batch} samples does not fit this device. ${cause.message} It is not made smaller by itself, since another batch trains another network.`,
      { cause },
    );
    this.todo = `Choose a batch of ${batch / 2} or less (with half the learning rate or more steps), a smaller width or depth, or close other programs that use the GPU.`;
  }
}

/** No step changes the weights any more. */
export class TrainingStuckError extends Error {
  override readonly name = 'TrainingStuckError';
  readonly field = 'learning-rate';
  readonly kept = 'The weights before these steps are kept.';
  readonly todo = 'Choose a smaller learning rate, or precision f32.';

  constructor(steps: number, lossScale: number) {
    super(
      `The gradients of the last ${steps} steps are not finite (loss scale ${lossScale}): the training does not move.`,
    );
  }
}

/** Memory that is missing as a training says it; anything else as it is. */
export function trainingError(thrown: unknown, batch: number): unknown {
  const memory = thrown instanceof OutOfMemoryError || thrown instanceof LimitError;
  return memory ? new TrainingMemoryError(thrown, batch) : thrown;
}
