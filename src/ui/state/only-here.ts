/** Results that exist on this page and nowhere else: nothing replaces them unasked. */
import { useStore } from './store.ts';
import type { Store } from './types.ts';

/** The history answers within seconds; a disk that takes longer is not waited for. */
const PATIENCE_MS = 10_000;

type Whereabouts = Pick<Store, 'summaries' | 'opened' | 'keptId' | 'kept' | 'exported'>;

/** True while the results on screen are neither in the history, nor exported, nor opened from a file or the history. */
export function onlyHere({ summaries, opened, keptId, kept, exported }: Whereabouts): boolean {
  if (summaries.length === 0 || opened || exported === summaries) return false;
  // It may have been deleted, or have made room for newer ones.
  return keptId === undefined || !kept?.entries.some(({ id }) => id === keptId);
}

/** Whether `what` may take the place of the results on screen: asks where they are only here. */
export async function mayReplace(what: string): Promise<boolean> {
  await historyHasAnswered();
  const store = useStore.getState();
  if (!onlyHere(store)) return true;
  if (store.question) return false;
  return new Promise((resolve) => {
    const answer = (goOn: boolean) => {
      useStore.setState({ question: undefined });
      resolve(goOn);
    };
    useStore.setState({ question: { what, answer } });
  });
}

function historyHasAnswered(): Promise<void> {
  return new Promise((resolve) => {
    if (!useStore.getState().keeping) return resolve();
    const done = () => {
      clearTimeout(timer);
      forget();
      resolve();
    };
    const timer = setTimeout(done, PATIENCE_MS);
    const forget = useStore.subscribe(({ keeping }) => keeping || done());
  });
}
