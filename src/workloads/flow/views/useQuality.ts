import { useEffect, useSyncExternalStore } from 'react';
import { hasOwnData } from '../../../engine/config/own-files.ts';
import type { QualitySize } from '../../../results/posterior/quality/types.ts';
import { posteriorOf, posteriorSummaries } from '../../../ui/results/posterior/of-store.ts';
import { setMeasured } from '../../../ui/state/actions.ts';
import { shownConfig } from '../../../ui/state/shown.ts';
import { useStore } from '../../../ui/state/store.ts';
import { QualityClient, type QualityState } from '../../../worker/quality/client.ts';
import { statisticsContext } from '../../known-truths.ts';
import { flowExperiment } from '../experiment.ts';

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
      const store = useStore.getState();
      const ran = shownConfig(store);
      const ownData = hasOwnData(flowExperiment, run?.ownFiles ?? store.files);
      const { truthsFromPrior } = statisticsContext(flowExperiment, ran.params, ownData);
      void theClient().ask({
        run,
        config: ran,
        summaries: posteriorSummaries(store),
        truthsFromPrior,
        size,
        item: posteriorOf,
      });
    },
    cancel,
  };
}

/** The run whose quality the client holds. */
let shownRun: unknown;
