/** What a run says about its checkpoint; also in its list of events. */
import type { RunController } from '../run/controller.ts';
import type { RunEvent } from '../run/events.ts';
import type { DamagedChunk } from './read.ts';

/** Adds an event about storage to the run's list and returns it. */
export function noteStorage(run: RunController, message: string, reason?: string): RunEvent {
  const event: RunEvent = { atMs: Math.round(run.progress.elapsedMs), kind: 'storage', message, reason };
  run.events.push(event);
  return event;
}

/** One sentence for all chunks that could not be read; undefined where there is none. */
export function damageMessage(damaged: readonly DamagedChunk[], left: number, many: string): string | undefined {
  if (damaged.length === 0) return undefined;
  const [files, they] = damaged.length === 1 ? ['A file', 'it'] : [`${damaged.length} files`, 'they'];
  const reasons = damaged.map(({ reason }) => reason).join('; ');
  return `${files} of the checkpoint could not be used (${reasons}). What ${they} held counts as not run: ${left} ${many} were left when the run was resumed.`;
}
