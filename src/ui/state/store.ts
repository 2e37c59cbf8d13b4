import { create } from 'zustand';
import { initialConfig, pageKeyGiven } from './config.ts';
import { emptyHistory } from './history.ts';
import { remembersAdapterDetails } from './preferences.ts';
import type { Notice, Store } from './types.ts';

/** The page's one store. Only `actions.ts` and `wiring.ts` write it; components read it through selectors. */
export const useStore = create<Store>()(() => ({
  engineTrouble: undefined,
  device: undefined,
  faults: undefined,
  selfTest: undefined,
  config: initialConfig(),
  fieldErrors: {},
  files: {},
  fileAsked: undefined,
  folderReading: undefined,
  confirmed: undefined,
  plan: undefined,
  unplanned: false,
  status: 'idle',
  run: undefined,
  ranConfig: undefined,
  progress: undefined,
  events: [],
  history: emptyHistory,
  watched: { part: 0 },
  peek: undefined,
  trail: [],
  opened: undefined,
  opening: undefined,
  exporting: undefined,
  exported: undefined,
  summaries: [],
  failed: [],
  together: undefined,
  selected: undefined,
  selectedItem: undefined,
  kept: undefined,
  keptId: undefined,
  keeping: false,
  starting: false,
  resumable: [],
  tuning: undefined,
  tuned: undefined,
  question: undefined,
  runQuestion: undefined,
  tab: 'live',
  faultsOpen: Number(pageKeyGiven('faults')),
  adapterDetails: remembersAdapterDetails(),
  notices: [],
}));

/** True while a run holds the device. */
export function isActive(store: Pick<Store, 'status'>): boolean {
  return store.status === 'running' || store.status === 'paused';
}

/** True while the tuner holds the device. */
export function isTuning(store: Pick<Store, 'tuning'>): boolean {
  return store.tuning?.state === 'tuning';
}

/** Key of the notice about files that a plan is made with. */
export const BEFOREHAND = 'beforehand';

let lastNotice = 0;

/** Shows a message that stays until dismissed; the same text is not shown twice, and one of a key takes the place of its last. */
export function notify(notice: Omit<Notice, 'id' | 'count'>): void {
  useStore.setState(({ notices }) => {
    const earlier = notice.key === undefined ? undefined : notices.find(({ key }) => key === notice.key);
    if (earlier) {
      const next = { ...notice, id: earlier.id, count: (earlier.count ?? 1) + 1 };
      return { notices: notices.map((shown) => (shown === earlier ? next : shown)) };
    }
    if (notices.some(({ message }) => message === notice.message)) return {};
    return { notices: [...notices, { ...notice, id: ++lastNotice }] };
  });
}

export function dismiss(id: number): void {
  useStore.setState((store) => ({ notices: store.notices.filter((notice) => notice.id !== id) }));
}

/** Messages that are still true when another run begins: not its predecessor's errors, and not what was told of its course. */
export function lasting(notices: readonly Notice[]): readonly Notice[] {
  const told = (key: string | undefined) => key !== undefined && key !== BEFOREHAND;
  return notices.filter(({ tone, key, ofRun }) => tone !== 'error' && !told(key) && !ofRun);
}
