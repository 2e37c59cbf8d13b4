/**
 * How long the device was busy with a submit: by timestamp queries where they can be trusted, by the wall clock otherwise,
 * and always labelled. Browsers coarsen timestamps to about 0.1 ms and some drivers let them run backwards; on software
 * adapters they mean nothing.
 */
import type { Allocation } from './allocation.ts';
import type { GpuContext } from './context.ts';
import type { PlannedBuffer } from './plan.ts';
import { readBuffer, ringBuffers, ringSlots, waitForQueue } from './readback.ts';

export type ClockSource = 'gpu-timestamp' | 'wall';

export interface Duration {
  readonly ms: number;
  readonly source: ClockSource;
}

/** One submit being timed: `pass` into `beginComputePass`, `resolve` before `encoder.finish()`, `done` after the submit. */
export interface Timing {
  /** Descriptor of the submit's only compute pass. */
  readonly pass: GPUComputePassDescriptor;
  /** Encodes the reading of the timestamps; call once, after the pass has ended. */
  resolve(encoder: GPUCommandEncoder): void;
  /** Waits until the submit has finished. Rejects with `DeviceLostError`. */
  done(): Promise<Duration>;
}

/** WebGPU wants query results at multiples of 256 bytes. */
const RESOLVE_STRIDE = 256;
const RESULT_BYTES = 16;
/** After so many impossible readings the device's timestamps are not asked again. */
const MAX_BAD_READINGS = 3;

/** Name of the clock's ring of staging buffers in a plan. */
const RING = 'clock.readback';

/**
 * The buffers a clock needs; put them into the plan whether or not the device has timestamps. One submit more than may be in flight can be
 * timed by the device at once; further ones fall back to the wall clock.
 */
export function clockBuffers(submitsInFlight: number): PlannedBuffer[] {
  const slots = submitsInFlight + 1;
  return [
    {
      name: 'clock.resolve',
      bytes: slots * RESOLVE_STRIDE,
      role: 'query',
      bytesPerItem: 0,
      formula: `${slots} submits × ${RESOLVE_STRIDE} B (2 timestamps of 8 B, aligned)`,
    },
    ...ringBuffers(RING, RESULT_BYTES, 0, '2 timestamps × 8 B', slots),
  ];
}

export class GpuClock {
  readonly #device: GPUDevice;
  readonly #allocation: Allocation;
  readonly #querySet: GPUQuerySet | undefined;
  readonly #free: number[];
  #badReadings = 0;
  /** When the last timed submit was seen to finish: overlapping submits must not count the same time twice. */
  #lastDone = 0;

  constructor(context: GpuContext, allocation: Allocation) {
    this.#device = context.device;
    this.#allocation = allocation;
    const slots = ringSlots(allocation, RING);
    this.#free = Array.from({ length: slots }, (_, slot) => slot);
    if (context.device.features.has('timestamp-query') && !context.report.software) {
      this.#querySet = context.device.createQuerySet({ label: 'clock', type: 'timestamp', count: 2 * slots });
    }
  }

  /** What the next timing will be measured with, as far as is known now. */
  get source(): ClockSource {
    return this.#querySet && this.#badReadings < MAX_BAD_READINGS ? 'gpu-timestamp' : 'wall';
  }

  /** Starts timing a submit; call right before it is encoded. */
  begin(): Timing {
    const started = performance.now();
    const slot = this.source === 'gpu-timestamp' ? this.#free.pop() : undefined;
    if (slot === undefined || !this.#querySet) {
      return { pass: {}, resolve: () => undefined, done: () => this.#wall(started) };
    }
    const querySet = this.#querySet;
    const staging = this.#allocation.buffer(`${RING}.${slot}`);
    return {
      pass: {
        timestampWrites: { querySet, beginningOfPassWriteIndex: 2 * slot, endOfPassWriteIndex: 2 * slot + 1 },
      },
      resolve: (encoder) => {
        const resolved = this.#allocation.buffer('clock.resolve');
        encoder.resolveQuerySet(querySet, 2 * slot, 2, resolved, slot * RESOLVE_STRIDE);
        encoder.copyBufferToBuffer(resolved, slot * RESOLVE_STRIDE, staging, 0, RESULT_BYTES);
      },
      done: async () => {
        const ticks = new BigUint64Array(await readBuffer(this.#device, staging, RESULT_BYTES));
        this.#free.unshift(slot);
        const wall = this.#since(started);
        const ms = plausibleMs(ticks[0], ticks[1], wall.ms);
        if (ms !== undefined) return { ms, source: 'gpu-timestamp' };
        this.#badReadings++;
        return wall;
      },
    };
  }

  /** Frees the query set; its buffers belong to the allocation. */
  destroy(): void {
    this.#querySet?.destroy();
  }

  async #wall(started: number): Promise<Duration> {
    await waitForQueue(this.#device);
    return this.#since(started);
  }

  #since(started: number): Duration {
    const now = performance.now();
    const ms = now - Math.max(started, this.#lastDone);
    this.#lastDone = now;
    return { ms, source: 'wall' };
  }
}

/**
 * Milliseconds between two timestamps in nanoseconds, or undefined when they cannot be true: zero, backwards, or longer
 * than the host waited (with a millisecond to spare for coarse clocks).
 */
export function plausibleMs(begin: bigint, end: bigint, wallMs: number): number | undefined {
  if (begin === 0n || end <= begin) return undefined;
  const ms = Number(end - begin) / 1e6;
  return ms <= wallMs + 1 ? ms : undefined;
}
