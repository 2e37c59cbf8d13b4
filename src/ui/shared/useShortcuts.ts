import { useEffect } from 'react';

const TYPING =
  'input:not([type=checkbox]):not([type=radio]):not([type=range]):not([type=file]), textarea, select, [contenteditable=true]';
/** Keys that a focused control uses itself. */
const OWN_SPACE = 'button, a, summary, input, [role=slider], [role=tab], [role=radio], [role=switch]';

/** Single-key shortcuts; silent while typing, with a modifier held, and where the focused control uses the key itself. */
export function useShortcuts(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // Caps Lock and Shift change the letter, not what it means.
      const action = keys[event.key.toLowerCase()];
      const target = event.target as Element | null;
      if (!action || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (target?.closest(TYPING)) return;
      if (event.key === ' ' && target?.closest(OWN_SPACE)) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [keys]);
}
