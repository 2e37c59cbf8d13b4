import { grouped } from '../format.ts';
import { showTab } from '../state/actions.ts';
import { useStore } from '../state/store.ts';
import { focusLog } from './log-focus.ts';
import classes from './RunBar.module.css';

/** How many events the run had; a click leads to them. */
export function EventCount() {
  const count = useStore((store) => store.events.length);
  if (count === 0) return null;
  const show = () => {
    if (!focusLog()) showTab('results');
  };
  return (
    <button type="button" className={classes.events} onClick={show} data-testid="event-count">
      {grouped(count)} {count === 1 ? 'event' : 'events'} in the run log
    </button>
  );
}
