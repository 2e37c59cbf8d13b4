/** What a person can do with runs that were cut short. Loaded once the device is open: it can wait until the page stands. */
import { oneLetGo } from '../../worker/checkpoint/lock.ts';
import { EngineError } from '../../worker/client.ts';
import { cleared, guard, resultsOf, setConfig, theEngine } from './actions.ts';
import { goesOnHere } from './goes-on-here.ts';
import { getToKnowAll } from './known-experiments.ts';
import { mayReplace } from './only-here.ts';
import { isActive, lasting, notify, useStore } from './store.ts';

let watching = false;

/** Looks for runs now, and again whenever one has ended: a run that failed can go on, too. */
export async function watchForRuns(): Promise<void> {
  if (!watching) theEngine().on('history', () => void lookForRuns());
  watching = true;
  await lookForRuns();
  // A tab that was just reloaded may take longer to let go than a look has patience for.
  void oneLetGo().then(
    (freed) => (freed ? lookForRuns() : undefined),
    () => undefined,
  );
}

async function lookForRuns(): Promise<void> {
  // A browser that keeps no files has no such runs.
  const resumable = await theEngine()
    .resumable()
    .catch(() => []);
  useStore.setState({ resumable });
}

/** Results that are only on the page are not replaced unasked, unless the run brings them along. */
async function mayGoOn(id: string): Promise<boolean> {
  const store = useStore.getState();
  const run = store.resumable.find((run) => run.id === id);
  return (run !== undefined && goesOnHere(run, store)) || mayReplace('The run that goes on');
}

/** Goes on with a run: its configuration into the form, what it has finished into the tabs, the rest on the device. */
export async function resumeRun(id: string): Promise<void> {
  if (isActive(useStore.getState()) || !(await mayGoOn(id))) return;
  const store = useStore.getState();
  if (isActive(store)) return;
  useStore.setState({ ...cleared(), status: 'running', notices: lasting(store.notices) });
  try {
    await getToKnowAll();
    const { config, run, files } = await theEngine().resumeRun(id);
    setConfig(config);
    const byRole = Object.fromEntries(files.map((file) => [file.role, file]));
    useStore.setState({ run, ranConfig: config, files: byRole });
    theEngine().watch(useStore.getState().watched);
  } catch (error) {
    useStore.setState(resultsOf(store));
    await guard(() => Promise.reject(error));
    await lookForRuns();
    // It looked as if it could go on, but its kernels or its files are others now.
    const objection = error instanceof EngineError && error.report.field ? error.message : undefined;
    if (objection) useStore.setState(({ resumable }) => ({ resumable: withObjection(resumable, id, objection) }));
  }
}

function withObjection<T extends { readonly id: string }>(runs: readonly T[], id: string, objection: string): T[] {
  return runs.map((run) => (run.id === id ? { ...run, objection } : run));
}

/** Gives a run up, with all it has finished. */
export async function discardRun(id: string): Promise<void> {
  const resumable = await guard(() => theEngine().resumable(id));
  if (resumable) useStore.setState({ resumable });
  // Another tab has it by now: it is not this one's to offer.
  else await lookForRuns();
}

/** Keeps what a run has finished in the history and shows it. */
export async function keepUnfinished(id: string): Promise<void> {
  const kept = await guard(() => theEngine().keepUnfinished(id));
  await lookForRuns();
  if (!kept) return;
  useStore.setState({ kept: kept.list });
  if (kept.problem) notify({ tone: 'error', ...kept.problem });
  if (kept.kept) await (await import('./kept-runs.ts')).reopen(kept.kept);
}
