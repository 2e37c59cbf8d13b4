import { startTransition, useEffect, useRef, useState } from 'react';

/**
 * A value that changes at most every `intervalMs`, the last change always arriving. Views that cost more than a frame take what
 * changes many times a second through this; React may put their work aside for input.
 */
export function usePaced<T>(value: T, intervalMs: number): T {
  const [shown, setShown] = useState(value);
  const shownAt = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, shownAt.current + intervalMs - performance.now());
    const timer = setTimeout(() => {
      shownAt.current = performance.now();
      startTransition(() => setShown(value));
    }, wait);
    return () => clearTimeout(timer);
  }, [value, intervalMs]);
  return shown;
}
