/** The device of a command: opened once, again after a loss, and let go of at the end, so that the process can end. */
import type { GpuContext } from '../gpu/context.ts';
import type { OpenGpu } from './gpu.ts';

export class CommandDevice {
  readonly #open: () => Promise<OpenGpu>;
  /** Throws what keeps a device from being used. */
  readonly #tryOut: (gpu: GpuContext) => Promise<unknown>;
  #held: OpenGpu | undefined;
  #over = false;

  constructor(open: () => Promise<OpenGpu>, tryOut: (gpu: GpuContext) => Promise<unknown>) {
    this.#open = open;
    this.#tryOut = tryOut;
  }

  /** The device in use; undefined before the first and after the last. */
  get gpu(): GpuContext | undefined {
    return this.#held?.gpu;
  }

  /** Takes the place of the one before, if any. Throws `NoAdapterError`. */
  async open(): Promise<GpuContext> {
    this.#held?.release();
    this.#held = undefined;
    const opened = await this.#open();
    if (this.#over) {
      opened.release();
      throw new Error('The command had ended before the device was open.');
    }
    this.#held = opened;
    return opened.gpu;
  }

  /** A device in the place of a lost one, which is believed no more than the first was. Throws `SelfTestError`, too. */
  async reopen(): Promise<GpuContext> {
    const gpu = await this.open();
    await this.#tryOut(gpu);
    return gpu;
  }

  /** Lets go of it; one that is still being opened is closed when it is there. */
  release(): void {
    this.#over = true;
    this.#held?.release();
    this.#held = undefined;
  }
}
