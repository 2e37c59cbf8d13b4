/** Whoever takes part in the comparison of samplers. A step is a whole batch from noise to samples. */
import type { Contestant } from '../measure.ts';

export interface Entrant extends Contestant {
  /** Samples that start from the problem's noise, [batch][2]. */
  samples(): Promise<ArrayLike<number>>;
  close?(): void;
}
