/**
 * Steps in the browser's history, one for each experiment and each tab that somebody turns to: Back and Forward go through them and stay in the
 * page. Settings are no steps; the address follows them without one.
 */
import { guard, setWorkload, showTab } from './actions.ts';
import { writeUrl } from './config.ts';
import { getToKnow, isKnown } from './known-experiments.ts';
import { isActive, useStore } from './store.ts';
import type { Store, TabId } from './types.ts';

interface Place {
  readonly workload: string;
  readonly tab: TabId;
}

const placeOf = ({ config, tab }: Pick<Store, 'config' | 'tab'>): Place => ({ workload: config.workload, tab });

/** Follows the page from now on; returns the function that stops. */
export function keepPlaces(): () => void {
  window.history.replaceState(placeOf(useStore.getState()), '');
  /** A step was made in this very moment: what changes with it belongs to it. */
  let stepped = false;
  let returning = false;
  const forget = useStore.subscribe((store, before) => {
    const [now, was] = [placeOf(store), placeOf(before)];
    if (returning || (now.workload === was.workload && now.tab === was.tab)) return;
    if (stepped) return window.history.replaceState(now, '');
    window.history.pushState(now, '');
    stepped = true;
    queueMicrotask(() => {
      stepped = false;
    });
  });
  const show = (place: Place) => {
    returning = true;
    const store = useStore.getState();
    const other = place.workload !== store.config.workload && isKnown(place.workload);
    // A run holds the form; its tabs can be turned to.
    if (other && !isActive(store)) void setWorkload(place.workload);
    showTab(place.tab);
    returning = false;
    // The settings may be others than when this step was left.
    window.history.replaceState(placeOf(useStore.getState()), '');
    writeUrl(useStore.getState().config);
  };
  const goTo = ({ state }: PopStateEvent) => {
    const { workload, tab } = (state ?? {}) as Partial<Place>;
    if (!workload || !tab) return;
    if (isKnown(workload)) return show({ workload, tab });
    // A step of an earlier visit.
    void guard(() => getToKnow(workload)).then(() => show({ workload, tab }));
  };
  window.addEventListener('popstate', goTo);
  return () => {
    forget();
    window.removeEventListener('popstate', goTo);
  };
}
