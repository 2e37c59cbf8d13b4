/** Whether a run that was cut short is the one on screen: resuming it replaces nothing, since it brings all of that back. */
import { findWorkload } from '../../engine/config/run-config.ts';
import { runTitle } from '../../engine/config/run-title.ts';
import type { ResumableRun } from '../../worker/checkpoint/types.ts';
import type { RunInputs } from '../../workloads/workload.ts';
import type { Store } from './types.ts';

type OnScreen = Pick<Store, 'status' | 'opened' | 'ranConfig' | 'run' | 'summaries'>;

/** Chunks that had been told and not yet been written when the engine ended: they are computed again, to the bit. */
const MOST_UNWRITTEN = 2;

/** @param since when this visit began, milliseconds since 1970: a run of an earlier one is another, whatever it is called */
export function goesOnHere(
  { title, items, done, lastAt }: ResumableRun,
  { status, opened, ranConfig, run, summaries }: OnScreen,
  since = performance.timeOrigin,
): boolean {
  if (status !== 'failed' || opened || !ranConfig || !run || lastAt < since) return false;
  const inputs = { files: run.ownFiles } as unknown as RunInputs;
  const shown = runTitle({ workload: findWorkload(ranConfig.workload), config: ranConfig, inputs });
  return title === shown && items === run.items.length && summaries.length - done <= MOST_UNWRITTEN * run.chunk;
}
