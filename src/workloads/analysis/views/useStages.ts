import { useEffect, useState } from 'react';
import type { StageMemory } from '../../../engine/plan/stage-memory.ts';
import { theEngine } from '../../../ui/state/actions.ts';
import { runOfForm } from '../../../ui/state/shown.ts';
import { useStore } from '../../../ui/state/store.ts';

const NONE: readonly StageMemory[] = [];

/** What each metric takes: of the run on screen, of the form while there is none. Asked for anew with each plan. */
export function useStages(): readonly StageMemory[] {
  const plan = useStore((store) => store.plan);
  const ran = useStore((store) => (runOfForm(store) ? store.ranConfig : undefined));
  const [stages, setStages] = useState(NONE);
  useEffect(() => {
    if (!plan) return;
    let wanted = true;
    theEngine()
      .memory(ran ?? useStore.getState().config)
      .then((table) => wanted && setStages(table.stages))
      // What is wrong with the configuration is said at its field, by the plan.
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [plan, ran]);
  return stages;
}
