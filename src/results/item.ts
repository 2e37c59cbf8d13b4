/** What every kind of result says of its item. */

/** One independent inference problem of a run. */
export interface ItemInfo {
  /** Position in the run's list, 0-based. */
  readonly index: number;
  /** Folder name in the bundle, e.g. `a_+0.0100_s42`. */
  readonly runId: string;
  readonly seed: number;
  /** True parameter values by name, empty where unknown. */
  readonly truth: Readonly<Record<string, number>>;
  /** The data it is inferred from, where they are a few numbers. */
  readonly observation?: readonly number[];
}
