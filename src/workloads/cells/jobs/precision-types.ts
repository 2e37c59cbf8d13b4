/** What each precision costs and does, as the page asks for it and hears of it. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { PrecisionRow, PrecisionTable } from '../evaluation/types.ts';

export interface PrecisionWish {
  /** A network's. Its precision has no say, and labels come in the shares of the data. */
  readonly config: RunConfig;
  /** Cells of every row; as many as are held out, 256 at most, unless given. */
  readonly cells?: number;
}

export type PrecisionEvent =
  /** What goes on: `done` of `of` precisions, and the share of the one under way. */
  | {
      readonly type: 'progress';
      readonly what: string;
      readonly done: number;
      readonly of: number;
      readonly share: number;
    }
  /** A precision, with the table so far. */
  | { readonly type: 'row'; readonly row: PrecisionRow; readonly table: PrecisionTable };

/** The job `precision`: replies with the table when all precisions are there; stopped, with those that are. */
export interface PrecisionTypes {
  readonly wish: PrecisionWish;
  readonly reply: PrecisionTable;
  readonly event: PrecisionEvent;
  readonly messages: Record<never, never>;
}
