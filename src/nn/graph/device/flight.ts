/** Rows in flight, and what kernels are bound to. */
import type { BufferRange } from '../../../gpu/bound-kernel.ts';

/** A planned buffer, or a stretch of one. */
export type Bound = string | BufferRange;

/** Rows in flight, as many as a dispatch needs to know. */
export interface Flight {
  readonly rows: number;
  /** Positions of all rows together: they lie one row behind the other, without gaps. */
  readonly tokens: number;
  /** Positions of the longest row. */
  readonly longest: number;
  /** Different ids among them. */
  readonly entries: number;
  /** Where each row begins, and where the last ends: [rows + 1]. */
  readonly starts: Uint32Array<ArrayBuffer>;
}
