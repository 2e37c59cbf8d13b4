/** Counts what a run holds at this moment: GPU buffers as the ledger has them, results as the store has them. */
import type { MemoryUse } from './memory-use.ts';
import type { SessionHolder } from './session-holder.ts';
import type { ResultStore } from './store.ts';

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
