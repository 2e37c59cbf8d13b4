import { type ReactNode, useId } from 'react';
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

/** What will appear where there is nothing yet. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className={classes.empty}>{children}</p>;
}
