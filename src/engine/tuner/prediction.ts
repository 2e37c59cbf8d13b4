/** What a run in a new process will do: its kernels run for the first time, which some drivers compile then. Pure. */
import type { TuningResult } from './types.ts';

/** Items/s of all items of the tuned run, the first use of the kernels included; the real run's rate where that was not measured. */
export function newProcessRate(result: Pick<TuningResult, 'key' | 'serial' | 'predictedItemsPerSecond'>): number {
  const { items } = result.key;
  const seconds = items / result.predictedItemsPerSecond + (result.serial?.firstUseMs ?? 0) / 1000;
  return items / seconds;
}
