/** What a run has finished, out of its checkpoint into the history: for a run that cannot go on here. */
import { readChunks } from '../../engine/checkpoint/read.ts';
import { type LazyRegistry, loadWorkload } from '../../engine/config/load-workload.ts';
import { ResultStore } from '../../engine/run/store.ts';
import type { HistoryEvent } from '../history/types.ts';
import { keepRun } from '../history/write.ts';
import { holdRun } from './lock.ts';
import { OpfsFiles, removeCheckpoint } from './opfs-files.ts';
import { decodePageFile, PAGE_FILE } from './page-file.ts';
import { ResumeError } from './resume.ts';

/**
 * Keeps the finished items as a run that was stopped, then removes the checkpoint; it stays where the history cannot take them.
 * @throws ResumeError where nothing can be kept
 */
export async function keepUnfinished(id: string, registry: LazyRegistry): Promise<Omit<HistoryEvent, 'type'>> {
  const release = await holdRun(id);
  if (!release) throw new ResumeError('Another tab is running it.', 'Its results are in that tab.', 'Look there.');
  try {
    const opfs = await OpfsFiles.open(id);
    const { title, startedAt, config, reply, seal } = decodePageFile(await opfs.read(PAGE_FILE));
    const { finished, progress } = await readChunks(opfs, seal);
    if (finished.length === 0 || !progress) throw new Error('none of its finished items can be read');
    const store = new ResultStore();
    const workload = await loadWorkload(config.workload, registry);
    const { results } = workload;
    for (const { stored, attempts } of finished) store.take(results, results.restored(stored), attempts);
    const items = { ...progress.items, done: store.size, failed: 0 };
    const outcome = {
      state: 'stopped' as const,
      progress: { ...progress, state: 'stopped' as const, phase: 'idle' as const, items },
      failed: [],
    };
    const message = `The run was cut short with ${store.size} of ${reply.items.length} finished, which were kept as they were.`;
    const events = [{ atMs: Math.round(progress.elapsedMs), kind: 'storage' as const, message }];
    const run = { startedAt: new Date(startedAt), store, events, plan: { config, workload }, title };
    const kept = await keepRun(run, reply, outcome);
    if (kept.kept) await removeCheckpoint(id);
    return kept;
  } catch (error) {
    throw new ResumeError(
      `Its finished items cannot be kept: ${(error as Error).message}.`,
      'They are still in the browser.',
      'Discard the run if you do not need them.',
    );
  } finally {
    release();
  }
}
