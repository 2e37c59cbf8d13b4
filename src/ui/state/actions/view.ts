/** What is looked at. */
import type { ItemResult } from '../../../results/kind.ts';
import { useStore } from '../store.ts';
import type { TabId } from '../types.ts';
import { theEngine } from './engine.ts';
import { guard } from './refusals.ts';

/** Opens the panel of faults on demand, or brings the one that is open into view; or closes it. */
export function showFaults(open: boolean): void {
  useStore.setState(({ faultsOpen }) => ({ faultsOpen: open ? faultsOpen + 1 : 0 }));
}

export function showTab(tab: TabId): void {
  useStore.setState({ tab });
}

/** All of an item's result, of those on screen. */
export function itemOf(index: number): Promise<ItemResult> {
  return useStore.getState().opened?.item(index) ?? theEngine().item(index);
}

/** Selects a finished item and fetches all of its result. */
export async function select(index: number): Promise<void> {
  useStore.setState({ selected: index });
  const selectedItem = await guard(() => itemOf(index));
  if (selectedItem && useStore.getState().selected === index) useStore.setState({ selectedItem });
}
