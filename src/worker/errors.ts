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

/** What the page shows is of a run that another engine made, which has ended since. */
export function runGone(): NotNowError {
  return new NotNowError(
    'The engine holds no run: it has been started since this one.',
    'Resume the run, or keep its finished items in the history; then all of them is here again.',
  );
}

/** The reason of a job's signal when it was told to stop. */
export class JobStoppedError extends Error {
  override readonly name = 'JobStoppedError';
  constructor() {
    super('It was stopped before it had an answer.');
  }
}
