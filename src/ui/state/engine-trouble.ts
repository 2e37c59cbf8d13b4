/** What the page becomes when something befalls the engine's worker. */
import type { ErrorReport } from '../../engine/run/progress.ts';
import { ENGINE_FAULT, ENGINE_GONE } from '../../worker/client.ts';
import { isActive, notify, useStore } from './store.ts';

/** Takes an error that answers no question. One of the worker itself gets a banner of its own, the rest are messages. */
export function takeError(error: ErrorReport): void {
  const { message, name } = error;
  const running = isActive(useStore.getState());
  if (name === ENGINE_FAULT) useStore.setState({ engineTrouble: { gone: false, message, running } });
  else if (name === ENGINE_GONE)
    useStore.setState(({ status }) => ({
      engineTrouble: { gone: true, message, running },
      ...(running ? { status: 'failed' } : { status }),
      ...{ device: undefined, selfTest: undefined, faults: undefined },
      ...{ keeping: false, exporting: undefined, opening: undefined, resumable: [] },
    }));
  else notify({ tone: 'error', ...error });
}

export function dismissTrouble(): void {
  useStore.setState({ engineTrouble: undefined });
}
