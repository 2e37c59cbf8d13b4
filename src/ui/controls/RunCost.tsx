import { useEffect, useState } from 'react';
import { FactList } from '../shared/FactList.tsx';
import { type RunCost as Cost, costLine, costOf } from '../state/run-cost.ts';
import { useStore } from '../state/store.ts';
import classes from './Controls.module.css';

/** What a run of the form will cost this browser, in a line; in sentences where it is too much. */
export default function RunCost() {
  const plan = useStore((store) => store.plan);
  const device = useStore((store) => store.device);
  const status = useStore((store) => store.status);
  const [cost, setCost] = useState<Cost>();
  // A run that is over has left its rate.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the status says when
  useEffect(() => {
    if (!plan) return;
    let current = true;
    void costOf(plan, { config: useStore.getState().config, device }).then((found) => current && setCost(found));
    return () => {
      current = false;
    };
  }, [plan, device, status]);
  if (!cost) return null;
  return (
    <div data-testid="run-cost">
      <p className={classes.note}>{costLine(cost)}</p>
      {cost.tooMuch && (
        <FactList facts={[{ text: 'That is more than half of this machine’s memory: Run asks first.', doubt: true }]} />
      )}
    </div>
  );
}
