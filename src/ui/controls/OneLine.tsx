import { type ReactNode, useSyncExternalStore } from 'react';
import { useFold } from '../state/folds.ts';
import classes from './Controls.module.css';

const ONE_COLUMN = '(max-width: 900px)';

function follow(changed: () => void): () => void {
  const query = window.matchMedia(ONE_COLUMN);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

interface OneLineProps {
  readonly id: string;
  readonly title: string;
  readonly brief?: string;
  /** Stands beside the title of the folded part. */
  readonly beside?: ReactNode;
  /** Opens what must be seen. */
  readonly needed: boolean;
  /** What stands in its place where nothing is folded. */
  readonly heading?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of the form. Where the form stands above the views it is folded to one line, until somebody wants it or it must be seen. */
export function OneLine({ id, title, brief, beside, needed, heading, className, children }: OneLineProps) {
  const narrow = useSyncExternalStore(follow, () => window.matchMedia(ONE_COLUMN).matches);
  const fold = useFold(id, false);
  const open = !narrow || fold.open || needed;
  return (
    <>
      {narrow && (
        <div className={classes.lineRow}>
          <button type="button" className={classes.settings} aria-expanded={open} onClick={fold.toggle}>
            {title} <span>{brief}</span>
          </button>
          {beside}
        </div>
      )}
      <div hidden={!open} className={className}>
        {!narrow && heading}
        {children}
      </div>
    </>
  );
}
