/** How tuning ends without a result. */

export class TuningError extends Error {
  override readonly name: string = 'TuningError';
  constructor(
    message: string,
    readonly todo: string,
    readonly kept = 'What earlier tunings found is kept; nothing is remembered of this one.',
  ) {
    super(message);
  }
}

/** The reason of the signal that cancels a tuning. */
export class TuningCancelledError extends TuningError {
  override readonly name = 'TuningCancelledError';
  constructor() {
    super('Tuning was cancelled; its GPU memory is free again.', 'Start it again when it suits.');
  }
}
