/** The comparison of precisions on the page: what goes on, what came out, and to which run's bundle it belongs. */
import { create } from 'zustand';
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { ComparisonProgress } from '../../../engine/quality/compare-precisions.ts';
import type { PrecisionComparison } from '../../../results/posterior/quality/types.ts';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { setComparison, theEngine } from '../../../ui/state/actions.ts';
import { useStore } from '../../../ui/state/store.ts';
import { EngineError, jobOf } from '../../../worker/client.ts';
import type { ComparisonJob } from '../../../worker/comparison/types.ts';
import { deviceFree } from './actions.ts';
import { problemKey } from './keys.ts';
import { useFlow } from './store.ts';

interface Going {
  /** Milliseconds of `performance.now()`. */
  readonly since: number;
  readonly progress: ComparisonProgress;
  readonly stopping: boolean;
}

interface PrecisionsStore {
  readonly going: Going | undefined;
  readonly result: PrecisionComparison | undefined;
  /** What the result is of: `comparisonKey`. */
  readonly key: string;
  readonly problem: string | undefined;
}

export const usePrecisions = create<PrecisionsStore>()(() => ({
  going: undefined,
  result: undefined,
  key: '',
  problem: undefined,
}));

/** All that the samples of an observation hang on but their number and the precision. */
export function comparisonKey(config: RunConfig, files: unknown, item: number): string {
  const { solver, steps, spacing, alpha } = config.params;
  return JSON.stringify([problemKey(config, files, item), solver, steps, spacing, alpha, config.seed]);
}

const comparison = () => jobOf<ComparisonJob>(theEngine(), 'flow', 'precisions');

let listening = false;

/** Of the observation that is looked at. @param points samples on either side of a C2ST */
export async function compare(config: RunConfig, points: number): Promise<void> {
  const { item } = useFlow.getState();
  const { files } = useStore.getState();
  const key = comparisonKey(config, files, item);
  if (!listening)
    comparison().on((progress) => usePrecisions.setState(({ going }) => ({ going: going && { ...going, progress } })));
  listening = true;
  const progress = { what: 'testing the device', fraction: 0 };
  usePrecisions.setState({ going: { since: performance.now(), progress, stopping: false }, problem: undefined });
  try {
    // Both samples of a C2ST come out of one run.
    const params = { ...config.params, samples: 2 * points };
    const result = await comparison().start({ config: { ...config, params }, item, points });
    usePrecisions.setState({ result, key });
    setComparison(result, (ran, ranFiles) => comparisonKey(ran, ranFiles, item) === key);
  } catch (error) {
    // What was asked for is no problem; what was measured before stays.
    if (!(error instanceof EngineError && error.report.name === 'JobStoppedError'))
      usePrecisions.setState({ problem: wordsOf(error) });
  } finally {
    usePrecisions.setState({ going: undefined });
    deviceFree();
  }
}

export function stopComparing(): void {
  usePrecisions.setState(({ going }) => ({ going: going && { ...going, stopping: true } }));
  comparison().stop();
}
