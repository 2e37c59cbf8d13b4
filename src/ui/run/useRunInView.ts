import { type RefObject, useEffect } from 'react';
import { isActive, useStore } from '../state/store.ts';

/** Where the form stands above all that a run shows. */
const ONE_COLUMN = '(max-width: 900px)';

/** In one column a run that begins below the window would be seen by nobody: what it shows comes into view, and the focus stays where it is. */
export function useRunInView(area: RefObject<HTMLElement | null>): void {
  const active = useStore(isActive);
  useEffect(() => {
    if (active) bringIntoView(area.current);
  }, [active, area]);
}

/** Scrolls to it where there is one column. */
export function bringIntoView(element: Element | null): void {
  if (!window.matchMedia(ONE_COLUMN).matches) return;
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  element?.scrollIntoView({ block: 'start', behavior: still ? 'auto' : 'smooth' });
}
