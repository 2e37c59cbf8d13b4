import { type ReactNode, useEffect, useRef } from 'react';
import { arrived, useFold } from '../state/folds.ts';
import classes from './LearnTab.module.css';

interface LearnPartProps {
  /** Of this part alone, "learn.name": what is remembered in this browser, and the # of a link that opens it. */
  readonly id: string;
  readonly title: string;
  /** It is read first. */
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** A chapter of the Learn tab. Its text is on the page, so the browser's own search finds it folded, too. */
export function LearnPart({ id, title, open = false, children }: LearnPartProps) {
  const fold = useFold(id, open);
  const summary = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!fold.wanted) return;
    arrived();
    summary.current?.scrollIntoView({ block: 'start' });
    summary.current?.focus({ preventScroll: true });
  }, [fold.wanted]);
  return (
    <details
      id={id}
      className={classes.part}
      open={fold.open}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open !== fold.open) fold.toggle();
      }}
    >
      <summary ref={summary}>
        <h2>{title}</h2>
      </summary>
      {children}
    </details>
  );
}
