import { useEffect, useState } from 'react';
import type { ItemSummary } from '../../../results/posterior/item-summary.ts';
import { jobOf } from '../../../worker/client.ts';
import type { ExactJob } from '../../../worker/exact-types.ts';
import { theEngine } from '../../state/actions.ts';
import { shownConfig } from '../../state/shown.ts';
import { useStore } from '../../state/store.ts';

/** Draws by parameter. */
export type ExactDraws = Readonly<Record<string, ArrayLike<number>>>;

const SAMPLES = 4000;

/** Draws of the exact posterior of a finished item; undefined where it is not known, and until they are there. */
export function useExact(summary: ItemSummary | undefined): ExactDraws | undefined {
  const config = useStore(shownConfig);
  const [found, setFound] = useState<{ readonly of: ItemSummary; readonly draws: ExactDraws }>();
  useEffect(() => {
    if (summary?.sampling !== 'independent') return;
    let here = true;
    jobOf<ExactJob>(theEngine(), config.workload, 'exact')
      .start({ config, item: summary.info.index, samples: SAMPLES })
      .then(
        ({ runId, parameters, draws }) => {
          // A run out of the history may have had observations of a file that is not loaded now.
          if (!here || runId !== summary.info.runId || !draws) return;
          const d = parameters.length;
          const columns = parameters.map((name, i) => [
            name,
            Float64Array.from({ length: draws.length / d }, (_, draw) => draws[draw * d + i]),
          ]);
          setFound({ of: summary, draws: Object.fromEntries(columns) });
        },
        // No exact posterior: the samples are shown alone.
        () => undefined,
      );
    return () => {
      here = false;
    };
  }, [summary, config]);
  return found && found.of === summary ? found.draws : undefined;
}
