/** Whoever evaluates the network. A step is one evaluation of a batch of cells. */
import type { Contestant } from '../measure.ts';

export interface Entrant extends Contestant {
  /** Logits of all genes, [batch][genes][bins]; absent where only some are asked for. */
  logits?(): Promise<ArrayLike<number>>;
  /** Device memory. */
  readonly bytes?: number;
  close?(): void;
}
