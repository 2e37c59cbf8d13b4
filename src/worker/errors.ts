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

/** What to do where the engine holds no run: what the page shows may be of one that an engine before it made. */
export const NO_RUN_HERE =
  'Run first. If the engine was started anew since, resume the run or keep its finished items in the history: then all of them is here again.';

/** The reason of a job's signal when it was told to stop. */
export class JobStoppedError extends Error {
  override readonly name = 'JobStoppedError';
  constructor() {
    super('It was stopped before it had an answer.');
  }
}
