/**
 * Pause, step and stop as one small state: the run asks `pass()` before each piece of work and is held there while paused.
 * "Step" lets exactly one step through.
 */
export type Pass = 'go' | 'step' | 'look' | 'stop';

export class Gate {
  #paused: boolean;
  readonly #stop = new AbortController();
  #steps = 0;
  #look = false;
  #wake: (() => void) | undefined;

  constructor(paused: boolean) {
    this.#paused = paused;
  }

  get paused(): boolean {
    return this.#paused;
  }
  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }
  /** Aborted by `stop`, for waits that nothing else would end. */
  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  pause(): void {
    this.#paused = true;
  }
  resume(): void {
    this.#paused = false;
    this.#steps = 0;
    this.#wake?.();
  }
  /** One more step, then paused. Several requests add up. */
  step(): void {
    this.#paused = true;
    this.#steps++;
    this.#wake?.();
  }
  stop(): void {
    this.#stop.abort();
    this.#wake?.();
  }
  /** Lets somebody look at the chunk while it stands still. */
  look(): void {
    this.#look = true;
    this.#wake?.();
  }

  /** Resolves at once while running; while paused, with the next step, look, resume or stop. `hold` is told before waiting. */
  async pass(hold: () => void): Promise<Pass> {
    for (;;) {
      if (this.stopped) return 'stop';
      if (this.#look && this.#paused && this.#steps === 0) {
        this.#look = false;
        return 'look';
      }
      if (!this.#paused) return 'go';
      if (this.#steps > 0) {
        this.#steps--;
        return 'step';
      }
      hold();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
