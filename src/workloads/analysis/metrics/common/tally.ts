/** Counts the work of a metric while it goes, and carries what would let it go on. */
import type { JsonValue } from '../../../../bundle/json.ts';
import type { MetricProgress } from '../metric.ts';

export class Tally {
  done: number;
  /** State to go on from; changes only between pieces that are worth keeping. */
  saved: (() => Promise<JsonValue>) | undefined;

  constructor(done = 0) {
    this.done = done;
  }

  /** @param units forward passes of one row, about */
  add(units: number): MetricProgress {
    this.done += units;
    return this.saved ? { done: this.done, saved: this.saved } : { done: this.done };
  }
}
