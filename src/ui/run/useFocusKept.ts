import { useLayoutEffect, useRef } from 'react';

/**
 * A button that is disabled while it has the focus drops it to the top of the page. From Run it goes to Pause; when the run is over, to
 * the bar itself, where a key that was meant for Pause starts nothing.
 */
export function useFocusKept(active: boolean) {
  const bar = useRef<HTMLElement>(null);
  const run = useRef<HTMLButtonElement>(null);
  const pause = useRef<HTMLButtonElement>(null);
  const stop = useRef<HTMLButtonElement>(null);
  // Before the browser paints, and with that takes the focus away.
  useLayoutEffect(() => {
    const focused = document.activeElement;
    if (active && focused === run.current) pause.current?.focus();
    if (!active && focused && (focused === pause.current || focused === stop.current))
      bar.current?.focus({ preventScroll: true });
  }, [active]);
  return { bar, run, pause, stop };
}
