import { type ReactNode, useEffect, useId, useRef } from 'react';
import { arrived, useFold } from '../state/folds.ts';
import { Explain } from './Explain.tsx';
import classes from './Panel.module.css';

interface PanelProps {
  readonly title: string;
  /** Explanation behind the mark beside the title. */
  readonly about?: ReactNode;
  /** Controls at the right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

interface FoldingProps extends PanelProps {
  /** Of this panel alone, "tab.name": what is remembered in this browser, and the # of a link that opens it. */
  readonly id: string;
  /** It is open until somebody folds it. */
  readonly open?: boolean;
  /** Beside the title, folded or not. */
  readonly brief?: ReactNode;
}

/** A titled area of the page. */
export function Panel({ title, about, aside, children, className }: PanelProps) {
  const id = useId();
  return (
    <section className={`${classes.panel} ${className ?? ''}`} aria-labelledby={id}>
      <header className={classes.head}>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {about && <Explain what={title}>{about}</Explain>}
        {aside && <div className={classes.aside}>{aside}</div>}
      </header>
      {children}
    </section>
  );
}

/** A titled area that is not read at once: folded to its title until somebody opens it. What is folded is neither computed nor drawn. */
export function FoldingPanel({ id, open = false, title, about, aside, brief, children, className }: FoldingProps) {
  const fold = useFold(id, open);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!fold.wanted) return;
    arrived();
    button.current?.scrollIntoView({ block: 'start' });
    button.current?.focus({ preventScroll: true });
  }, [fold.wanted]);
  return (
    <section
      id={id}
      data-open={fold.open || undefined}
      className={`${classes.panel} ${fold.open ? (className ?? '') : classes.folded}`}
      aria-labelledby={`${id}-title`}
    >
      <header className={classes.head}>
        <h2 id={`${id}-title`} className={classes.title}>
          <button ref={button} type="button" className={classes.fold} aria-expanded={fold.open} onClick={fold.toggle}>
            {title}
          </button>
        </h2>
        {about && <Explain what={title}>{about}</Explain>}
        {(brief || (aside && fold.open)) && (
          <div className={classes.aside}>
            {brief}
            {fold.open && aside}
          </div>
        )}
      </header>
      {fold.open && children}
    </section>
  );
}

/** What will appear where there is nothing yet. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className={classes.empty}>{children}</p>;
}
