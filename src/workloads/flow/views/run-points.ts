/** Every finished run of the visit becomes a point of "What accuracy costs", whichever tab is open then. Begins with the first import. */
import { useStore } from '../../../ui/state/store.ts';
import { addRun } from './actions.ts';

useStore.subscribe(({ status, ranConfig }, before) => {
  const ran = before.status === 'running' || before.status === 'paused';
  if (ran && status === 'done' && ranConfig?.workload === 'flow') void addRun(ranConfig);
});
