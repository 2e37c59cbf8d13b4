import { useMemo } from 'react';
import { type MemoryUse, NO_MEMORY } from '../../engine/run/memory-use.ts';
import { useStore } from '../state/store.ts';
import type { Store } from '../state/types.ts';

/** What this visit's run holds; undefined before the first, and for runs that were brought back. */
const usedBy = (store: Store): MemoryUse | undefined => (store.opened ? undefined : store.progress?.memory);

/** Progress comes ten times a second; memory changes only when a session opens or closes and when items finish. */
const sameWhile = (use: MemoryUse | undefined): string =>
  use ? `${use.currentBytes} ${use.peakBytes} ${use.cpuBytes} ${use.held.length}` : '';

export function useMemoryUse(): MemoryUse {
  const key = useStore((store) => sameWhile(usedBy(store)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what is read
  return useMemo(() => usedBy(useStore.getState()) ?? NO_MEMORY, [key]);
}
