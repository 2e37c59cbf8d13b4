/** Storage that misbehaves as asked, for tests and for teaching: `FaultPlan` of `gpu/faults.ts`. */
import type { FaultPlan } from '../../gpu/faults.ts';
import { type CheckpointFiles, chunkNumber } from './files.ts';

/** @throws DOMException as a full storage would, where the plan asks for one. */
export function requireRoom(plan: FaultPlan | undefined): void {
  if (plan?.storageFull) throw new DOMException('the storage is full, as the fault asks', 'QuotaExceededError');
}

/** The same files, whose writes follow the plan. */
export function withStorageFaults(files: CheckpointFiles, plan: FaultPlan): CheckpointFiles {
  let corrupt = plan.corruptCheckpoint === true;
  return {
    read: (name) => files.read(name),
    names: () => files.names(),
    async write(name, pieces) {
      requireRoom(plan);
      if (!corrupt || chunkNumber(name) === undefined) return files.write(name, pieces);
      corrupt = false;
      const last = Uint8Array.from(pieces.at(-2)!);
      last[last.length - 1] ^= 1;
      return files.write(name, [...pieces.slice(0, -2), last, pieces.at(-1)!]);
    },
  };
}
