import type { ReactNode } from 'react';
import classes from './More.module.css';

interface MoreProps {
  readonly shown: boolean;
  readonly onToggle: () => void;
  /** What there is more of, e.g. "3 more messages". */
  readonly children: ReactNode;
}

/** Shows what is put aside, and puts it aside again. */
export function More({ shown, onToggle, children }: MoreProps) {
  return (
    <button type="button" className={classes.more} aria-expanded={shown} onClick={onToggle}>
      {shown ? 'Fewer' : children}
    </button>
  );
}
