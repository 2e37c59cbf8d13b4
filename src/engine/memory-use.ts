/** What a run holds at this moment, in exact bytes: GPU buffers as the ledger has them, results as the store has them. */
import type { LedgerEntry } from '../gpu/ledger.ts';
import type { SessionHolder } from './session-holder.ts';
import type { ResultStore } from './store.ts';

/** Plain data, told with the progress of a run. */
export interface MemoryUse {
  /** GPU buffers held now, and at most so far. */
  readonly currentBytes: number;
  readonly peakBytes: number;
  /** Part of the current bytes that the CPU can map: the ring of looks, staging for results, timestamps. */
  readonly readbackBytes: number;
  /** Binary data of finished items in the CPU's memory. */
  readonly cpuBytes: number;
  /** Every GPU buffer held now, largest first. */
  readonly held: readonly LedgerEntry[];
}

/** Of a run that holds nothing. */
export const NO_MEMORY: MemoryUse = { currentBytes: 0, peakBytes: 0, readbackBytes: 0, cpuBytes: 0, held: [] };

export function memoryUse(holder: SessionHolder, store: ResultStore): MemoryUse {
  const held = holder.gpu?.ledger.entries ?? [];
  const readback = held.filter(({ role }) => role === 'readback');
  return {
    currentBytes: holder.currentBytes,
    peakBytes: holder.peakBytes,
    readbackBytes: readback.reduce((sum, { bytes }) => sum + bytes, 0),
    cpuBytes: store.bytes,
    held,
  };
}
