/** Steps against quality with a predictor on the device, as the page asks for it and hears of it. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { StepsPoint, StepsTable } from '../evaluation/types.ts';
import type { CellsParams } from '../params.ts';

export interface StepsWish {
  /** Predictor, schedule, temperature and guidance are its own; labels come in the shares of the data, rule and steps from the ladder. */
  readonly config: RunConfig;
  /** 1, 4, 16, 64 unless given. */
  readonly steps?: readonly number[];
  /** `tweedie`, `balanced` and `origin` unless given. */
  readonly rules?: readonly CellsParams['rule'][];
  /** Cells of every point; as many as are held out, 256 at most, unless given. */
  readonly cells?: number;
}

export type StepsEvent =
  /** What goes on: `done` of `of` points, and the share of the one under way. */
  | {
      readonly type: 'progress';
      readonly what: string;
      readonly done: number;
      readonly of: number;
      readonly share: number;
    }
  /** A point, with the table so far. */
  | { readonly type: 'point'; readonly point: StepsPoint; readonly table: StepsTable };

/** The job `steps`: replies with the table when all points are there; stopped, with those that are. */
export interface StepsTypes {
  readonly wish: StepsWish;
  readonly reply: StepsTable;
  readonly event: StepsEvent;
  readonly messages: Record<never, never>;
}
