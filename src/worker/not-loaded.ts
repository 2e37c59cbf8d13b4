/** Code that could not be fetched when it was first needed: the server is gone, or the device is offline. */

/** What Chromium, Firefox and Safari call it, and Vite of a style sheet. */
const WORDS =
  /failed to fetch dynamically imported|error loading dynamically imported|importing a module script failed|unable to preload css/i;

/** Whether this is why an `import()` was rejected. */
export function isNotLoaded(thrown: unknown): boolean {
  return thrown instanceof Error && WORDS.test(thrown.message);
}

/** A part that did not come. Another try may find it. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError';
  readonly kept = 'Nothing was computed, and nothing that was kept is lost.';
  readonly todo = 'Try again once the server of this page can be reached.';
  constructor(of: 'engine' | 'page') {
    super(`A part of the ${of} could not be fetched: this device may be offline.`);
  }
}
