/** Keeps a device busy with submits of 30–60 ms, a few under way at a time, each sized by what earlier ones took. */
import type { Allocation } from './allocation.ts';
import { type ClockSource, type Duration, GpuClock } from './clock.ts';
import type { GpuContext } from './context.ts';
import type { Pacer } from './pacer.ts';

/** A submit under way. */
export interface Flight {
  /** What the pacer counts in. */
  readonly units: number;
  readonly pacer: Pacer;
  /** Resolves when it has finished; rejects with `DeviceLostError`. */
  readonly done: Promise<Duration>;
}

/** What there is to do, as one call of `advance` asks for it. */
export interface PacedWork<F extends Flight> {
  /** Whether anything is left to submit in this call. */
  more(): boolean;
  /** Submits the next piece, through `submit`. */
  next(): F;
  /** A piece has finished. */
  landed?(flight: F): void | Promise<void>;
}

export class PacedSubmits<F extends Flight = Flight> {
  readonly #gpu: GpuContext;
  readonly #inFlight: number;
  readonly #clock: GpuClock;
  /** One stays under way between two calls of `advance`: the device need not wait for the next. */
  #flights: F[] = [];
  #busyMs = 0;
  #source: ClockSource;

  /** @param allocation of a plan with `clockBuffers(inFlight)` */
  constructor(gpu: GpuContext, allocation: Allocation, inFlight: number) {
    this.#gpu = gpu;
    this.#inFlight = inFlight;
    this.#clock = new GpuClock(gpu, allocation);
    this.#source = this.#clock.source;
  }

  /** Milliseconds that the device was busy with what has landed, and how that was measured. */
  get busyMs(): number {
    return this.#busyMs;
  }
  get clock(): ClockSource {
    return this.#source;
  }
  /** Submits under way. */
  get flying(): number {
    return this.#flights.length;
  }

  /** Submits one timed compute pass, and what else `after` encodes behind it. */
  submit(
    pacer: Pacer,
    units: number,
    encode: (pass: GPUComputePassEncoder) => void,
    after?: (encoder: GPUCommandEncoder) => void,
  ): Flight {
    const { device } = this.#gpu;
    const timing = this.#clock.begin();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass(timing.pass);
    encode(pass);
    pass.end();
    timing.resolve(encoder);
    after?.(encoder);
    device.queue.submit([encoder.finish()]);
    const done = timing.done();
    // Whoever lands it hears of a lost device; a flight that nobody waits for any more must not end the process.
    done.catch(() => undefined);
    return { units, pacer, done };
  }

  /** Works for about `budgetMs`, or until nothing is left and nothing under way. Throws `DeviceLostError` and what WebGPU objected to. */
  async advance(budgetMs: number, work: PacedWork<F>): Promise<void> {
    const begin = performance.now();
    for (;;) {
      while (this.#flights.length < this.#inFlight && work.more()) {
        const flight = work.next();
        this.#flights.push(flight);
        // Until a rate is known nothing may be queued behind the calibration.
        if (flight.pacer.msPerUnit === undefined) break;
      }
      const flight = this.#flights.shift();
      if (!flight) break;
      const { ms, source } = await flight.done;
      flight.pacer.record(flight.units, ms);
      this.#busyMs += ms;
      this.#source = source;
      await work.landed?.(flight);
      if (work.more() && performance.now() - begin >= budgetMs) break;
    }
    this.#gpu.throwFault();
  }

  /** Forgets what is under way: other work begins. */
  drop(): void {
    this.#flights = [];
  }

  /** Frees the clock; its buffers belong to the allocation. */
  destroy(): void {
    this.drop();
    this.#clock.destroy();
  }
}
