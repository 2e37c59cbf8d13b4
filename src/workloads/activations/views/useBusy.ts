import { isActive, isTuning, useStore } from '../../../ui/state/store.ts';
import { isTraining } from '../../../ui/training/controls.ts';
import { useTraining } from './training.ts';

/** True while something else has the device, while nobody knows of one, and while the form is wrong. */
export function useBusy(): boolean {
  const training = useTraining(isTraining);
  const busy = useStore(
    (store) =>
      isActive(store) || isTuning(store) || store.device === undefined || Object.keys(store.fieldErrors).length > 0,
  );
  return busy || training;
}
