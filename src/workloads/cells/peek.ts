/** A look at the cells of a chunk on their way. */
import type { Peek } from '../workload.ts';

/** Tokens of some cells of the chunk in flight after the last step that was looked at. */
export interface CellsLook {
  /** Indices in the run. */
  readonly items: readonly number[];
  readonly genes: number;
  /** The mask's token, V: counts are binned below it. */
  readonly mask: number;
  /** [items][genes]. */
  readonly tokens: Uint8Array<ArrayBuffer>;
  readonly steps: number;
}

export type CellsPeek = Peek<undefined, CellsLook>;

/** Cells of a chunk that are looked at: more are not told apart on a screen. */
export const MOST_LOOKED_AT = 64;
