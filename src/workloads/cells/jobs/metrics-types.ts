/** Metrics of finished cells as the page asks for them and hears of them. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { CellMetrics, MetricProgress } from '../metrics/types.ts';

export interface MetricsWish {
  /** That ran. */
  readonly config: RunConfig;
  /** Indices in the run of the cells, a row of tokens each. */
  readonly items: readonly number[];
  /** [items][genes] */
  readonly tokens: Uint8Array<ArrayBuffer>;
}

/** The job `metrics`: replies with the table; told to stop it is given up. */
export interface MetricsTypes {
  readonly wish: MetricsWish;
  readonly reply: CellMetrics;
  readonly event: MetricProgress;
  readonly messages: Record<never, never>;
}
