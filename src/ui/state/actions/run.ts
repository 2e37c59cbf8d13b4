/** Runs: started, paused, watched, stopped. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import { type EngineClient, EngineError } from '../../../worker/client.ts';
import type { RunReply } from '../../../worker/run-reply.ts';
import { sourceOf } from '../adds-to-run.ts';
import { isCostly } from '../costly.ts';
import { emptyHistory } from '../history.ts';
import { lackedFile } from '../lacked-file.ts';
import { mayReplace } from '../only-here.ts';
import { isActive, isTuning, lasting, notify, useStore } from '../store.ts';
import type { Store } from '../types.ts';
import { wrongField } from '../why-not.ts';
import { engine, theEngine } from './engine.ts';
import { dropPlan, planAwaited } from './plan.ts';
import { guard, showError } from './refusals.ts';

/** The user's files that a run began with. */
export const filesOfRun = new WeakMap<RunConfig, Store['files']>();

/** Starts a run, or goes on with a paused one. */
export async function run(options: { paused?: boolean } = {}): Promise<void> {
  if (useStore.getState().status === 'paused') return engine?.resume();
  await begin(
    () => mayReplace('A new run'),
    (engine, config) => engine.run(config, options),
  );
}

/** Computes what the form lists beyond the run on screen; what that has finished stays. */
export async function extendRun(): Promise<void> {
  const of = sourceOf(useStore.getState());
  // Nothing is replaced: the results come along.
  await begin(
    async () => true,
    (engine, config) => engine.extendRun(config, of),
  );
}

/** @param may whether what is on screen may go @param start asks the engine to begin */
async function begin(
  may: () => Promise<boolean>,
  start: (engine: EngineClient, config: RunConfig) => Promise<RunReply>,
): Promise<void> {
  if (!mayStart()) return;
  useStore.setState({ starting: true });
  try {
    if (!(await may()) || !(await isSure()) || !mayStart()) return;
  } finally {
    useStore.setState({ starting: false });
  }
  const store = useStore.getState();
  dropPlan();
  useStore.setState({
    ...cleared(),
    status: 'running',
    ranConfig: store.config,
    notices: lasting(store.notices),
  });
  try {
    filesOfRun.set(store.config, store.files);
    useStore.setState({ run: await start(theEngine(), store.config) });
    theEngine().watch(useStore.getState().watched);
  } catch (error) {
    showError(error);
    // A field at fault, or a device that is busy: nothing was begun, and the engine still has the results of the run before.
    const refused = error instanceof EngineError && (error.field !== undefined || error.report.name === 'NotNowError');
    useStore.setState(refused ? resultsOf(store) : { status: 'failed' });
  }
}

/** Whether a run may begin with the files, data and cost that it would have; asked where there is doubt. What asks loads with the first question. */
async function isSure(): Promise<boolean | undefined> {
  const store = useStore.getState();
  const { plan, files } = store;
  const lacked = lackedFile(store);
  if (!lacked && plan && !planAwaited() && Object.keys(files).length === 0 && !isCostly(plan)) return true;
  return guard(async () => {
    const ask = await import('../before-run.ts');
    return (!lacked || (await ask.mayTakeOther(lacked))) && ask.isSure(theEngine());
  });
}

/** False, and the reader is told why, where a run cannot begin now. */
function mayStart(): boolean {
  const store = useStore.getState();
  if (isActive(store) || !store.device) return false;
  const problem = wrongField(store);
  if (isTuning(store))
    notify({ tone: 'info', message: 'Not started: the tuner is at work.', todo: 'Cancel it first.' });
  else if (problem !== undefined) notify({ tone: 'error', message: `Not started: ${problem}` });
  else return true;
  return false;
}

export function pauseOrResume(): void {
  const { status } = useStore.getState();
  if (status === 'running') engine?.pause();
  else if (status === 'paused') engine?.resume();
}

/** One step, then paused; from rest it starts a run that stops before the second. */
export async function step(): Promise<void> {
  if (!isActive(useStore.getState())) await run({ paused: true });
  if (isActive(useStore.getState())) engine?.step();
}

export function stop(): void {
  if (isActive(useStore.getState())) engine?.stop();
}

export function watch(watched: Store['watched']): void {
  useStore.setState({ watched, trail: [] });
  engine?.watch(watched);
}

/** What `cleared` clears, as it was. */
export function resultsOf(store: Store): Partial<Store> {
  const { status, ranConfig, run, progress, events, history, watched, peek, trail } = store;
  const { opened, keptId, exported, summaries, failed, together, selected, selectedItem } = store;
  return {
    ...{ status, ranConfig, run, progress, events, history, watched, peek, trail },
    ...{ opened, keptId, exported, summaries, failed, together, selected, selectedItem },
  };
}

/** The store without a run. */
export function cleared(): Partial<Store> {
  return {
    opened: undefined,
    keptId: undefined,
    keeping: false,
    exported: undefined,
    run: undefined,
    progress: undefined,
    events: [],
    history: emptyHistory,
    watched: { part: 0 },
    peek: undefined,
    trail: [],
    summaries: [],
    failed: [],
    together: undefined,
    selected: undefined,
    selectedItem: undefined,
  };
}
