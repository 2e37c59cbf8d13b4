/** Waits no longer than it can take: a driver in its reset, or a browser whose GPU process is gone, may never answer. */

export interface Patience {
  readonly limitMs: number;
  /** What to reject with after that. */
  readonly late: () => Error;
  /** Ends the wait at once, with its reason. */
  readonly signal?: AbortSignal;
}

/** Resolves and rejects as `work` does, unless the limit or the signal comes first; `work` itself goes on then. */
export async function inTime<T>(work: Promise<T>, { limitMs, late, signal }: Patience): Promise<T> {
  let giveUp: () => void = () => undefined;
  const over = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(late()), limitMs);
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    giveUp = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    giveUp();
  }
}
