import { useEffect, useState } from 'react';
import type { MemoryTable } from '../../engine/plan/memory-table.ts';
import { theEngine } from '../state/actions.ts';
import { useStore } from '../state/store.ts';

/** Bytes of every size and over the batch size, asked for anew with each plan; the last good answer stays meanwhile. */
export function useMemoryTable(): MemoryTable | undefined {
  const plan = useStore((store) => store.plan);
  const [table, setTable] = useState<MemoryTable>();
  useEffect(() => {
    if (!plan) return;
    let wanted = true;
    theEngine()
      .memory(useStore.getState().config)
      .then((answer) => wanted && setTable(answer))
      // What is wrong with the configuration is said at its field, by the plan.
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [plan]);
  return table;
}
