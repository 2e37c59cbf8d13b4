/** The metrics of the finished cells on screen: what goes on, and what came of it. */
import { create } from 'zustand';
import type { RunConfig } from '../../../engine/config/run-config.ts';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { theEngine } from '../../../ui/state/actions.ts';
import { jobOf } from '../../../worker/client.ts';
import type { MetricsTypes } from '../jobs/metrics-types.ts';
import type { CellMetrics, MetricProgress } from '../metrics/types.ts';
import { isStop } from './actions.ts';
import type { FinishedCells } from './store.ts';

interface MeasuresStore {
  readonly going: MetricProgress | 'starting' | undefined;
  readonly metrics: CellMetrics | undefined;
  /** The run that they are of, and how many of its cells. */
  readonly run: unknown;
  readonly cells: number;
  readonly problem: string | undefined;
}

export const useMeasures = create<MeasuresStore>()(() => ({
  going: undefined,
  metrics: undefined,
  run: undefined,
  cells: 0,
  problem: undefined,
}));

const job = () => jobOf<MetricsTypes>(theEngine(), 'cells', 'metrics');

let listening = false;

export async function measure(config: RunConfig, { run, items, tokens }: FinishedCells): Promise<void> {
  if (!listening) job().on((progress) => useMeasures.setState(({ going }) => ({ going: going && progress })));
  listening = true;
  useMeasures.setState({ going: 'starting', problem: undefined });
  try {
    const metrics = await job().start({ config, items, tokens: tokens.slice() });
    useMeasures.setState({ metrics, run, cells: items.length });
  } catch (error) {
    if (!isStop(error)) useMeasures.setState({ problem: wordsOf(error) });
  } finally {
    useMeasures.setState({ going: undefined });
  }
}

export function stopMeasuring(): void {
  job().stop();
}
