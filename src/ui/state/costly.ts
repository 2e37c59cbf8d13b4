import type { PlanReply } from '../../worker/engine-api.ts';

/** Below both nobody has to be told what a run costs: 64 MiB of results, and seconds of any device's arithmetic. */
const RESULT_BYTES = 2 ** 26;
const FLOP = 1e11;

/** Whether a run takes memory of the browser's, or time, that is worth a word beforehand. */
export function isCostly({ resultBytes, items, work }: Pick<PlanReply, 'resultBytes' | 'items' | 'work'>): boolean {
  return resultBytes > RESULT_BYTES || items * work.unitsPerItem * work.flopPerUnit > FLOP;
}
