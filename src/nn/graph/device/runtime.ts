/** What the passes of a machine share: its buffers, its kernels as they were bound first, and rows in flight. */
import type { Allocation } from '../../../gpu/allocation.ts';
import { type BoundKernel, bindKernel, gridOf } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { fetchStaged, waitForQueue } from '../../../gpu/readback.ts';
import type { Reals } from '../machine.ts';
import type { Flight } from './flight.ts';
import type { GraphKernel } from './kernel.ts';
import { type Layout, STAGING, THETA } from './layout.ts';

/** A kernel that can run. */
export interface Dispatch {
  readonly kernel: BoundKernel;
  readonly groups: GraphKernel['groups'];
}

const WORD = 4;
const NONE: Flight = { rows: 0, tokens: 0, longest: 0, entries: 0, starts: new Uint32Array(1) };

export class Runtime {
  readonly gpu: GpuContext;
  readonly allocation: Allocation;
  readonly layout: Layout;
  /** Vector that took θ's place in the last forward pass: passes behind it take the same. */
  theta = THETA;
  #flight: Flight | undefined;
  readonly #bound = new Map<string, Promise<readonly Dispatch[]>>();
  readonly #underWay: Promise<void>[] = [];

  constructor(gpu: GpuContext, allocation: Allocation, layout: Layout) {
    this.gpu = gpu;
    this.allocation = allocation;
    this.layout = layout;
  }

  /** Rows of the last forward pass. @throws RangeError before the first */
  get flight(): Flight {
    if (!this.#flight) throw new RangeError('no rows are in flight: forward first');
    return this.#flight;
  }
  set flight(flight: Flight) {
    this.#flight = flight;
  }

  /** Compiles and binds kernels the first time. @param key tells them from all others */
  bind(key: string, make: () => readonly GraphKernel[]): Promise<readonly Dispatch[]> {
    const before = this.#bound.get(key);
    if (before) return before;
    const bound = Promise.all(
      make().map(async (kernel) => ({
        kernel: await bindKernel(this.gpu, this.allocation, kernel),
        groups: kernel.groups,
      })),
    );
    this.#bound.set(key, bound);
    bound.catch(() => this.#bound.delete(key));
    return bound;
  }

  /** Writes into a buffer before what is submitted from now on. @param at numbers (words) into it */
  upload(buffer: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>, at = 0): void {
    if (data.length > 0) this.gpu.device.queue.writeBuffer(this.allocation.buffer(buffer), at * WORD, data);
  }

  /** Encodes dispatches into a pass, in their order. */
  encode(pass: GPUComputePassEncoder, dispatches: readonly Dispatch[]): void {
    for (const { kernel, groups } of dispatches) {
      const count = groups(this.#flight ?? NONE);
      if (count > 0) kernel.dispatch(pass, ...gridOf(count, this.gpu.device));
    }
  }

  /** Submits dispatches at once. @param clear buffers that hold 0 before. Waits only where too much is under way. */
  async submit(dispatches: readonly Dispatch[], clear: readonly string[] = []): Promise<void> {
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder();
    for (const buffer of clear) encoder.clearBuffer(this.allocation.buffer(buffer));
    const pass = encoder.beginComputePass();
    this.encode(pass, dispatches);
    pass.end();
    device.queue.submit([encoder.finish()]);
    const done = waitForQueue(device);
    done.catch(() => undefined);
    this.#underWay.push(done);
    if (this.#underWay.length > this.layout.sizes.submitsInFlight) await this.#underWay.shift();
    this.gpu.throwFault();
  }

  /** Reads numbers of a buffer back, in pieces. @param at first of them */
  async fetch(buffer: string, at: number, count: number): Promise<Float32Array> {
    const { device } = this.gpu;
    const staging = this.allocation.buffer(STAGING);
    const numbers = new Float32Array(count);
    for (let done = 0; done < count; ) {
      const some = Math.min(count - done, staging.size / WORD);
      const source = { buffer: this.allocation.buffer(buffer), offset: (at + done) * WORD, bytes: some * WORD };
      numbers.set(new Float32Array(await fetchStaged(device, source, staging)), done);
      done += some;
    }
    this.gpu.throwFault();
    return numbers;
  }

  /** Of rows of `stride` numbers a position: those of every row in flight, `width` each. */
  async fetchRows(buffer: string, stride: number, width: number): Promise<Reals[]> {
    const { tokens, rows, starts } = this.flight;
    const all = await this.fetch(buffer, 0, tokens * stride);
    return Array.from({ length: rows }, (_, row) => {
      const count = starts[row + 1] - starts[row];
      const own = new Float32Array(count * width);
      for (let position = 0; position < count; position++) {
        const from = (starts[row] + position) * stride;
        own.set(all.subarray(from, from + width), position * width);
      }
      return own;
    });
  }

  close(): void {
    this.#bound.clear();
    this.allocation.destroy();
  }
}

/** Numbers of rows [row][position × width], as they lie in a buffer of `stride` numbers a position. @throws RangeError for too few or many */
export function packedRows(
  rows: readonly ArrayLike<number>[],
  { starts }: Pick<Flight, 'starts'>,
  width: number,
  stride: number,
): Float32Array<ArrayBuffer> {
  if (rows.length !== starts.length - 1) throw new RangeError(`${rows.length} rows for ${starts.length - 1} in flight`);
  const packed = new Float32Array(starts[rows.length] * stride);
  rows.forEach((row, index) => {
    const count = starts[index + 1] - starts[index];
    if (row.length !== count * width)
      throw new RangeError(`row ${index} has ${row.length} numbers, and ${count} × ${width} are expected`);
    for (let position = 0; position < count; position++)
      for (let j = 0; j < width; j++) packed[(starts[index] + position) * stride + j] = row[position * width + j];
  });
  return packed;
}
