/** What of items under way a checkpoint keeps: one file, written over as the run goes on. */
import type { SavedItem } from '../../workloads/workload.ts';
import { type CheckpointFiles, IN_FLIGHT_FILE } from './files.ts';
import { openFrame, sealFrame } from './frame.ts';

interface InFlightHeader {
  readonly kind: 'in-flight';
  /** Seal of the head of the run that the items belong to. */
  readonly head: string;
  readonly items: readonly SavedItem[];
}

/** @param head seal of the run's head */
export function encodeInFlight(items: readonly SavedItem[], head: string): Promise<Uint8Array[]> {
  return sealFrame({ kind: 'in-flight', head, items } satisfies InFlightHeader);
}

/**
 * Items of the run with this seal; none where there is no such file. One that cannot be believed costs what had been computed of these items,
 * and no result.
 */
export async function readInFlight(files: CheckpointFiles, seal: string): Promise<readonly SavedItem[]> {
  if (!(await files.names()).includes(IN_FLIGHT_FILE)) return [];
  try {
    const header = openFrame(await files.read(IN_FLIGHT_FILE)).header as Partial<InFlightHeader> | null;
    return header?.kind === 'in-flight' && header.head === seal ? (header.items ?? []) : [];
  } catch {
    return [];
  }
}
