/** What a run holds at a moment: GPU buffers as the ledger has them, results as the store has them. */
import type { GpuContext } from '../../gpu/context.ts';
import type { LedgerEntry } from '../../gpu/ledger.ts';

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

/** @param gpu the device in use; null on the CPU. @param peakBytes most bytes held so far. @param cpuBytes of finished items */
export function memoryUse(gpu: GpuContext | null, peakBytes: number, cpuBytes: number): MemoryUse {
  const held = gpu?.ledger.entries ?? [];
  const readback = held.filter(({ role }) => role === 'readback');
  return {
    currentBytes: gpu?.ledger.current ?? 0,
    peakBytes,
    readbackBytes: readback.reduce((sum, { bytes }) => sum + bytes, 0),
    cpuBytes,
    held,
  };
}
