/** What views of activations hold in common beside the page's store. */
import { create } from 'zustand';
import type { VectorChoice } from '../jobs/vector-types.ts';

interface ActivationsStore {
  /** The vector that steers and that texts are followed along. */
  readonly choice: VectorChoice;
}

export const useActivations = create<ActivationsStore>()(() => ({ choice: { from: 'texts' } }));

export function chooseVector(choice: VectorChoice): void {
  useActivations.setState({ choice });
}
