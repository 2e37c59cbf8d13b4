import type { LedgerEntry } from '../gpu/ledger.ts';

/** What a run holds at this moment, in exact bytes. Plain data, told with its progress. */
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
