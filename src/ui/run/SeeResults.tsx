import { showTab } from '../state/actions.ts';
import { isActive, useStore } from '../state/store.ts';
import classes from './RunBar.module.css';
import { bringIntoView } from './useRunInView.ts';

/** The way from a run that is over to what came out of it, where something else is looked at. */
export function SeeResults() {
  const some = useStore((store) => !isActive(store) && store.summaries.length > 0 && store.tab !== 'results');
  if (!some) return null;
  return (
    <button
      type="button"
      className={classes.events}
      data-testid="see-results"
      onClick={(event) => {
        const main = event.currentTarget.closest('main');
        showTab('results');
        bringIntoView(main);
      }}
    >
      See results
    </button>
  );
}
