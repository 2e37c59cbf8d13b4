/**
 * How much work goes into the next submit. Short submits keep the page alive and stay far from the driver's watchdog
 * (about 2 s on Windows); long ones hide the cost of a dispatch. Pure: feed it times, ask it for sizes.
 */

export interface PacerOptions {
  /** What a submit should take, milliseconds; sizes that take 2/3 to 4/3 of it are left alone. */
  readonly targetMs?: number;
  /** Most units a submit may hold, e.g. because the driver bounds loop iterations. */
  readonly maxUnits?: number;
  /** No submit is predicted to take longer, milliseconds. */
  readonly hardCapMs?: number;
}

/** A submit that took longer than this halves the next one. */
const TOO_LONG_MS = 250;
const MAX_GROWTH = 4;

export class Pacer {
  readonly #targetMs: number;
  readonly #maxUnits: number;
  readonly #hardCapMs: number;
  /** Size of the next submit; the first is one unit, a calibration. */
  #units = 1;
  #msPerUnit: number | undefined;

  constructor({ targetMs = 45, maxUnits = Number.POSITIVE_INFINITY, hardCapMs = 100 }: PacerOptions = {}) {
    this.#targetMs = Math.min(targetMs, hardCapMs);
    this.#maxUnits = Math.max(1, Math.floor(maxUnits));
    this.#hardCapMs = hardCapMs;
  }

  /** Estimated milliseconds a unit; undefined before the first record. */
  get msPerUnit(): number | undefined {
    return this.#msPerUnit;
  }

  /** Units for the next submit: at least 1, at most `remaining`. */
  next(remaining: number): number {
    return Math.max(1, Math.min(this.#units, remaining, this.#maxUnits));
  }

  /** Tells what a submit of `units` took. */
  record(units: number, ms: number): void {
    const measured = Math.max(ms, 1e-3) / units;
    // A slower rate counts at once, a faster one by halves: one lucky time must not lead into a long submit.
    const previous = this.#msPerUnit ?? measured;
    this.#msPerUnit = Math.max(measured, (previous + measured) / 2);
    const rate = this.#msPerUnit;
    const cap = Math.max(1, Math.floor(this.#hardCapMs / rate));
    if (ms > TOO_LONG_MS) {
      // One that was under way before the size shrank must not let it grow again.
      this.#units = Math.max(1, Math.min(Math.floor(units / 2), this.#units, cap));
      return;
    }
    const predicted = rate * this.#units;
    const good =
      predicted >= (this.#targetMs * 2) / 3 && predicted <= Math.min((this.#targetMs * 4) / 3, this.#hardCapMs);
    if (good) return;
    // The last submit of a run may be short: it may shrink the size, never teach a smaller growth.
    const wanted = Math.max(1, Math.round(this.#targetMs / rate));
    this.#units = Math.min(wanted, cap, Math.max(units, this.#units) * MAX_GROWTH, this.#maxUnits);
  }
}
