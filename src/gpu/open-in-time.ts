/** Waits for a device no longer than it can take: a driver in its reset, or a browser whose GPU process is gone, may never answer. */

/** Resolves and rejects as `opening` does; rejects with `late()` after `limitMs`. What opens after that is closed. */
export async function openInTime<T extends { destroy(): void }>(
  opening: Promise<T>,
  limitMs: number,
  late: () => Error,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // Should it open after all, nobody would use or close it.
      opening.then((gpu) => gpu.destroy()).catch(() => undefined);
      reject(late());
    }, limitMs);
  });
  try {
    return await Promise.race([opening, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
