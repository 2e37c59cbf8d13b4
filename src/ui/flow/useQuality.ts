import { useEffect, useSyncExternalStore } from 'react';
import { hasOwnData } from '../../engine/own-files.ts';
import type { QualitySize } from '../../engine/quality/types.ts';
import { findWorkload } from '../../engine/run-config.ts';
import { QualityClient, type QualityState } from '../../worker/quality/client.ts';
import { statisticsContext } from '../../workloads/known-truths.ts';
import { itemOf, setMeasured } from '../state/actions.ts';
import { experiments } from '../state/config.ts';
import { useStore } from '../state/store.ts';

/** Started with the first view of the results; it stays, so that coming back to them shows what was measured. */
let client: QualityClient | undefined;
function theClient(): QualityClient {
  if (!client) {
    const made = new QualityClient();
    made.subscribe(() => setMeasured(made.state().quality));
    client = made;
  }
  return client;
}

export interface QualityView {
  readonly state: QualityState;
  measure(size: QualitySize): void;
  cancel(): void;
}

/** What was measured of the results on screen. */
export function useQuality(): QualityView {
  const run = useStore((store) => store.run);
  const quality = useStore((store) => store.opened?.quality);
  const { state, subscribe, show, cancel } = theClient();
  useEffect(() => {
    if (shownRun === run) return;
    shownRun = run;
    show(run, quality);
  }, [run, quality, show]);
  return {
    state: useSyncExternalStore(subscribe, state),
    measure: (size) => {
      const { ranConfig, config, summaries, files } = useStore.getState();
      const ran = ranConfig ?? config;
      const experiment = findWorkload(ran.workload, experiments);
      const ownData = hasOwnData(experiment, run?.ownFiles ?? files);
      const { truthsFromPrior } = statisticsContext(experiment, ran.params, ownData);
      void theClient().ask({ run, config: ran, summaries, truthsFromPrior, size, item: itemOf });
    },
    cancel,
  };
}

/** The run whose quality the client holds. */
let shownRun: unknown;
