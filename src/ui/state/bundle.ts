/** Opening a bundle: verified in the engine's worker, then shown like a kept run. Loaded with the first one. */
import { guard, theEngine } from './actions.ts';
import { showRun } from './kept-runs.ts';
import { getToKnowAll } from './known-experiments.ts';
import { mayReplace } from './only-here.ts';
import { isActive, notify, useStore } from './store.ts';

/** Verifies a bundle and puts its configuration and results on the page. A refused one changes nothing but a message. */
export async function openBundle(file: File): Promise<void> {
  const store = useStore.getState();
  if (store.opening) return;
  if (isActive(store)) {
    notify({ tone: 'error', message: `${file.name} was not opened: a run is in progress.`, todo: 'Stop it first.' });
    return;
  }
  useStore.setState({
    opening: { name: file.name, done: 0, total: 0 },
    notices: store.notices.filter((notice) => notice.tone !== 'error'),
  });
  const engine = theEngine();
  const forget = engine.on('openProgress', ({ done, total }) => {
    if (useStore.getState().opening) useStore.setState({ opening: { name: file.name, done, total } });
  });
  // A cancelled opening is what was asked for; only then is `opening` already gone.
  const reply = await guard(async () => {
    await getToKnowAll();
    return engine.openBundle(file.name, file).catch((error: unknown) => {
      if (useStore.getState().opening) throw error;
      return undefined;
    });
  });
  forget();
  useStore.setState({ opening: undefined });
  if (!reply || !(await mayReplace(file.name)) || isActive(useStore.getState())) return;
  const { name, files, resultId } = reply;
  const shortId = resultId.slice('sha256:'.length, 'sha256:'.length + 8);
  showRun(reply, {
    title: `${name}: all ${files} files match their hashes, result ${shortId}.`,
    item: (index) => engine.bundleItem(resultId, index),
    bundle: file,
    resultId,
    quality: reply.quality,
  });
}

export function cancelOpening(): void {
  useStore.setState({ opening: undefined });
  theEngine().cancelOpen();
}
