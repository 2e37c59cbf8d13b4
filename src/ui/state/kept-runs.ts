/** What a person can do with the runs kept in the browser. Loaded with the history's tab. */
import type { KeptRun } from '../../worker/history/types.ts';
import { cleared, guard, setConfig, theEngine } from './actions.ts';
import { getToKnowAll } from './known-experiments.ts';
import { mayReplace } from './only-here.ts';
import { isActive, useStore } from './store.ts';
import type { OpenedRun } from './types.ts';

/** Reads the list. */
export async function listKept(): Promise<void> {
  const kept = await guard(() => theEngine().history());
  if (kept) useStore.setState({ kept });
}

/** Removes one run by its id, or `all`. What is on screen stays, but draws of a removed run cannot be read any more. */
export async function removeKept(id: string): Promise<void> {
  const { opened } = useStore.getState();
  const kept = await guard(() => theEngine().history(id));
  if (!kept) return;
  const gone = opened?.id !== undefined && !kept.entries.some((entry) => entry.id === opened.id);
  useStore.setState({ kept, ...(gone && { ...cleared(), status: 'idle' }) });
}

/** A kept run, whatever experiment it is of. What goes wrong is shown. */
export function openKept(id: string): Promise<KeptRun | undefined> {
  return guard(async () => {
    await getToKnowAll();
    return theEngine().openRun(id);
  });
}

/** Puts a kept run on the page: its configuration into the form, its results into the tabs. No device is needed. */
export async function reopen(id: string): Promise<void> {
  const kept = await openKept(id);
  if (!kept || !(await mayReplace(`${kept.entry.title}, from the history,`)) || isActive(useStore.getState())) return;
  showRun(kept, {
    id,
    title: `${kept.entry.title}, from the history`,
    item: (index) => theEngine().keptItem(id, index),
  });
}

/** Shows the results of a run that this visit did not make. */
export function showRun(kept: Omit<KeptRun, 'entry'>, opened: OpenedRun): void {
  const { config, run, outcome, summaries, failed, events = [] } = kept;
  setConfig(config);
  useStore.setState({
    ...cleared(),
    status: outcome.state === 'finished' ? 'done' : outcome.state === 'stopped' ? 'stopped' : 'failed',
    run,
    ranConfig: config,
    progress: outcome.progress,
    summaries,
    failed,
    together: outcome.results,
    events,
    opened,
    tab: 'results',
  });
}
