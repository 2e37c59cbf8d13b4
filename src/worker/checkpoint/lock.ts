/** Which runs are in progress, in any tab: each holds a Web Lock, which the browser frees with the tab. */

/** A tab that was just reloaded may need a moment to let go. */
const PATIENCE_MS = 1500;

const PREFIX = 'lockstep-run-';
const nameOf = (id: string) => `${PREFIX}${id}`;

/** False where the browser has no locks, so that nobody can tell a run of another tab from one that was cut short. */
export function canTellLive(): boolean {
  return globalThis.navigator?.locks !== undefined;
}

/**
 * Holds the run until the returned function is called; undefined when another tab holds it.
 * Without locks it is held as far as anybody can tell.
 */
export async function holdRun(id: string): Promise<(() => void) | undefined> {
  if (!canTellLive()) return () => {};
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(nameOf(id), { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(undefined);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}

/** Whether the run goes on in a tab, this one included. */
export async function isLive(id: string): Promise<boolean> {
  if (!canTellLive()) return false;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return await navigator.locks.request(nameOf(id), { mode: 'shared', signal }, () => false);
  } catch {
    return true;
  }
}

/** Waits until one of the runs in progress now, in any tab, is let go of. False where there is none. */
export async function oneLetGo(): Promise<boolean> {
  if (!canTellLive()) return false;
  const { held = [] } = await navigator.locks.query();
  const names = held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name] : []));
  if (names.length === 0) return false;
  return Promise.race(names.map((name) => navigator.locks.request(name, { mode: 'shared' }, () => true)));
}
