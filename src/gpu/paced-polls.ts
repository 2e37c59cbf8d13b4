/**
 * While Dawn waits for a device on Node it asks after it in every turn of the event loop, through the global `setImmediate`: hundreds of
 * thousands of times a second, on a core that a software adapter computes on, with garbage for each. Here it asks at once only in the beginning
 * of a wait, and then once a millisecond.
 */

/** Turns of a wait in which Dawn asks at once: short waits stay as short as they are. */
const PROMPT_TURNS = 64;
const PAUSE_MS = 1;

type Ask = (...given: unknown[]) => void;
type SetImmediate = typeof setImmediate;

/**
 * @param immediate what stands for `setImmediate` to everybody else
 * @param later calls after a pause
 * @returns a `setImmediate` that paces Dawn's calls, and hands on all others as they are
 */
export function pacedPolls(immediate: SetImmediate, later: (ask: () => void) => unknown): SetImmediate {
  /** Turns in a row in which Dawn has asked, the present one included. */
  let turns = 0;
  /** Whether Dawn asks right now: what it does then is to go on waiting. */
  let asking = false;
  const paced = (ask: Ask, ...given: unknown[]) => {
    if (!isNative(ask)) return immediate(ask, ...given);
    // Somebody has begun to wait anew: what comes may be short.
    if (!asking) turns = 0;
    const turn = () => {
      asking = true;
      try {
        ask(...given);
      } finally {
        asking = false;
      }
    };
    return turns++ < PROMPT_TURNS ? immediate(turn) : later(turn);
  };
  // `util.promisify` finds its own form there.
  for (const key of Object.getOwnPropertySymbols(immediate))
    Object.defineProperty(paced, key, Object.getOwnPropertyDescriptor(immediate, key)!);
  return paced as unknown as SetImmediate;
}

let paces = false;

/** Paces Dawn in this process from now on. */
export function paceDawn(): void {
  if (paces) return;
  paces = true;
  const { setImmediate, setTimeout } = globalThis;
  globalThis.setImmediate = pacedPolls(setImmediate, (ask) => setTimeout(ask, PAUSE_MS));
}

/** Functions of a native library have no text; those that `bind` makes have a name. */
function isNative(call: Ask): boolean {
  return typeof call === 'function' && call.name === '' && /^function \(\) \{ \[native code\] \}$/.test(String(call));
}
