/**
 * Whether a worker lives. It holds a Web Lock from its first moment on, which the browser frees when the worker ends, however that happens: of a
 * worker that was ended for want of memory no event tells.
 */

/** In the worker: takes a lock for as long as it lives, and says its name; undefined where the browser has no locks. */
export async function holdLife(): Promise<string | undefined> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return undefined;
  const name = `lockstep-engine-${crypto.randomUUID()}`;
  return new Promise((resolve) => {
    const held = () => {
      resolve(name);
      return new Promise<never>(() => undefined);
    };
    locks.request(name, held).catch(() => resolve(undefined));
  });
}

/** On the page: calls `ended` when the worker that holds the lock is no more. Returns the function that stops waiting. */
export function whenEnded(name: string, ended: () => void): () => void {
  const abort = new AbortController();
  navigator.locks
    .request(name, { signal: abort.signal }, () => {
      if (!abort.signal.aborted) ended();
    })
    .catch(() => undefined);
  return () => abort.abort();
}
