/** What batches, padding and storage do, row by row, as the page asks for it and hears of it. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { BatchRow, BatchTable, PaddingTable, PrecisionRow, PrecisionTable } from '../evaluation/types.ts';

export type {
  BatchRow,
  BatchTable,
  PaddingRow,
  PaddingTable,
  Pipeline,
  PrecisionRow,
  PrecisionTable,
} from '../evaluation/types.ts';

/** Of all three: `done` of `of` rows, and the share of the one under way. */
export interface TableProgress {
  readonly type: 'progress';
  readonly what: string;
  readonly done: number;
  readonly of: number;
  readonly share: number;
}

export interface BatchesWish {
  readonly config: RunConfig;
  /** Of the form's texts, over and over where there are fewer. */
  readonly texts: number;
  readonly maxNewTokens: number;
  /** 1, 2, 4 … 64 unless given. */
  readonly batches?: readonly number[];
}

/** The job `batches`: replies with the table when all rows are there; stopped, with those that are. */
export interface BatchesTypes {
  readonly wish: BatchesWish;
  readonly reply: BatchTable;
  readonly event: TableProgress | { readonly type: 'row'; readonly row: BatchRow; readonly table: BatchTable };
  readonly messages: Record<never, never>;
}

export interface PaddingWish {
  readonly config: RunConfig;
  /** Of the form's texts. */
  readonly texts: number;
}

export interface PaddingTypes {
  readonly wish: PaddingWish;
  readonly reply: PaddingTable;
  readonly event: TableProgress;
  readonly messages: Record<never, never>;
}

export interface PrecisionWish {
  readonly config: RunConfig;
  /** Tokens of the text that f32 writes greedily, under which all are held against it. */
  readonly tokens?: number;
}

/** The job `precision`: replies with the table when all rows are there; stopped, with those that are. */
export interface PrecisionTypes {
  readonly wish: PrecisionWish;
  readonly reply: PrecisionTable;
  readonly event: TableProgress | { readonly type: 'row'; readonly row: PrecisionRow; readonly table: PrecisionTable };
  readonly messages: Record<never, never>;
}
