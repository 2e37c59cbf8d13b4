import { type ReactNode, useSyncExternalStore } from 'react';
import { shortBytes } from '../format.ts';
import { useFold } from '../state/folds.ts';
import { useStore } from '../state/store.ts';
import classes from './Controls.module.css';

const ONE_COLUMN = '(max-width: 900px)';

function follow(changed: () => void): () => void {
  const query = window.matchMedia(ONE_COLUMN);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** All fields but the preset. Where the form stands above the views they are folded, until somebody wants them or one is wrong. */
export function Settings({ children }: { readonly children: ReactNode }) {
  const narrow = useSyncExternalStore(follow, () => window.matchMedia(ONE_COLUMN).matches);
  const fold = useFold('form.settings', false);
  const wrong = useStore(({ fieldErrors }) => Object.values(fieldErrors).some((error) => error !== undefined));
  const brief = useStore(({ plan }) => plan && `batch ${plan.chunk}, ${shortBytes(plan.mostBytes)}`);
  const open = !narrow || fold.open || wrong;
  return (
    <>
      {narrow && (
        <button type="button" className={classes.settings} aria-expanded={open} onClick={fold.toggle}>
          Settings <span>{brief}</span>
        </button>
      )}
      <div hidden={!open}>{children}</div>
    </>
  );
}
