/** How long kernels take to compile: a driver does not say how far it is, but this browser remembers how long it took the last time. */
import { isOver } from './shown.ts';
import { isActive, useStore } from './store.ts';
import type { Store } from './types.ts';

const KEY = 'lockstep-compile-seconds';
/** Adapters and experiments remembered; the oldest make room. */
const MOST = 24;
/** Below that nobody waits. */
const WORTH_TELLING_SECONDS = 1;

type Times = Readonly<Record<string, number>>;

/** What compiling hangs on, as far as it is worth to tell apart. */
function keyOf({ device, ranConfig, config }: Pick<Store, 'device' | 'ranConfig' | 'config'>): string {
  const { workload, precision } = ranConfig ?? config;
  return [device?.report?.name ?? 'CPU', workload, precision].join(' | ');
}

function times(): Times {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([, seconds]) => Number.isFinite(seconds)));
  } catch {
    return {};
  }
}

function rememberTime(key: string, seconds: number): void {
  const { [key]: _, ...others } = times();
  const kept = Object.entries(others).slice(1 - MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries([...kept, [key, seconds]])));
  } catch {
    // Storage is forbidden: the next visit does not know.
  }
}

/** True while a run is being prepared: device tested, kernels compiled, buffers taken. */
function isPreparing({ status, run, progress }: Pick<Store, 'status' | 'run' | 'progress'>): boolean {
  return isActive({ status }) && (run === undefined || (status === 'running' && progress?.phase === 'compile'));
}

/** What is done before a run's first item moves, in a sentence. */
function preparingWords(store: Store): string {
  if (store.device?.mode === 'cpu') return 'The run is being prepared.';
  const seconds = times()[keyOf(store)];
  const last =
    seconds === undefined || seconds < WORTH_TELLING_SECONDS
      ? ''
      : ` Last time that took ${Math.round(seconds)} s on this adapter.`;
  return `The kernels are being compiled.${last}`;
}

/** In the place of what a run shows of an item while there is nothing to show. */
export function waitingWords(store: Store): string {
  if (isPreparing(store)) return preparingWords(store);
  if (isActive(store)) return 'The next transition is awaited.';
  return isOver(store) ? 'The run was over before the first look.' : 'Nothing is running yet.';
}

/** Takes the time from the start of each run to its first chunk. Called once. */
export function watchCompiling(): void {
  let since: number | undefined;
  useStore.subscribe((store, before) => {
    if (!isActive(store)) since = undefined;
    else if (!isActive(before)) since = performance.now();
    if (since === undefined || store.run === undefined || store.run.mode !== 'webgpu') return;
    rememberTime(keyOf(store), (performance.now() - since) / 1000);
    since = undefined;
  });
}
