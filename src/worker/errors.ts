/** Why the worker does not do what it was asked for. */

/** A request that the worker's state does not allow now. */
export class NotNowError extends Error {
  override readonly name = 'NotNowError';
  constructor(
    message: string,
    readonly todo: string,
  ) {
    super(message);
  }
}

/** The reason of a job's signal when it was told to stop. */
export class JobStoppedError extends Error {
  override readonly name = 'JobStoppedError';
  constructor() {
    super('It was stopped before it had an answer.');
  }
}
