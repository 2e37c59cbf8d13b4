import { useEffect } from 'react';

/** What a reader does before anything else: move the pointer over the page, tap, press a key, reach something with the keyboard. */
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'focusin'] as const;

/** Calls `prepare` once, at the first sign that somebody uses the page: what a first paint does not need waits for it. */
export function useFirstUse(prepare: () => void): void {
  useEffect(() => {
    const used = () => {
      forget();
      prepare();
    };
    const forget = () => {
      for (const sign of SIGNS) document.removeEventListener(sign, used);
    };
    for (const sign of SIGNS) document.addEventListener(sign, used, { passive: true });
    return forget;
  }, [prepare]);
}
