/** Faults on demand, as a person asks for them. Loaded with their panel; nothing of it is saved. */
import type { FaultPlan } from '../../gpu/faults.ts';
import { guard, replan, theEngine } from './actions.ts';
import { useStore } from './store.ts';

/** Opens the device anew with these faults; an empty plan switches them off. */
export async function applyFaults(plan: FaultPlan): Promise<void> {
  const device = await guard(() => theEngine().faults(plan));
  if (!device) return;
  useStore.setState({ device, faults: Object.keys(plan).length > 0 ? plan : undefined });
  replan(0);
}
