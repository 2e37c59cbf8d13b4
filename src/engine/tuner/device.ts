/** The device that trials run on. A loss ends a trial, not the tuner: the next trial gets a new device. */
import type { GpuContext } from '../../gpu/context.ts';
import { TuningError } from './errors.ts';

/** A device that keeps going away cannot be measured. */
const MAX_LOSSES = 3;

export class TunerDevice {
  #gpu: GpuContext;
  #losses = 0;
  readonly #reopen: () => Promise<GpuContext>;

  /** @param reopen opens a device after the one before was lost */
  constructor(gpu: GpuContext, reopen: () => Promise<GpuContext>) {
    this.#gpu = gpu;
    this.#reopen = reopen;
  }

  get gpu(): GpuContext {
    return this.#gpu;
  }
  get losses(): number {
    return this.#losses;
  }

  /** Takes the place of a lost device. Throws `TuningError` when that has happened too often. */
  async replace(): Promise<void> {
    this.#losses++;
    if (this.#losses > MAX_LOSSES) {
      throw new TuningError(
        `The GPU device was lost ${this.#losses} times while tuning.`,
        'Lower the memory budget, or choose a batch size by hand.',
      );
    }
    // Whoever else holds the device has heard of the loss by then.
    await this.#gpu.lost;
    this.#gpu = await this.#reopen();
  }
}
