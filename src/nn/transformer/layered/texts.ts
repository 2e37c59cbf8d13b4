/** What the device holds of texts: written when they are placed, read when somebody asks. */
import type { Allocation } from '../../../gpu/allocation.ts';
import { fetchRows } from '../../../gpu/readback.ts';
import { decoderSizes } from './layout.ts';
import { type StepList, workPlaces } from './list.ts';
import type { LayeredSetup, Share } from './setup.ts';
import type { LayeredText } from './text.ts';

const OPEN_END = 0xffffffff;

export class DeviceTexts {
  readonly #device: GPUDevice;
  readonly #allocation: Allocation;
  readonly #setup: LayeredSetup;
  /** One reading at a time goes through the staging buffer. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(device: GPUDevice, allocation: Allocation, setup: LayeredSetup) {
    this.#device = device;
    this.#allocation = allocation;
    this.#setup = setup;
  }

  #write(buffer: string, at: number, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): void {
    this.#device.queue.writeBuffer(this.#allocation.buffer(buffer), at, data);
  }

  place(text: LayeredText): void {
    const { options, captured, sums } = this.#setup;
    const { context, capture } = options;
    const { slot } = text;
    this.#write('ids', 4 * slot * context, text.ids);
    this.#write('totals', 4 * slot, Uint32Array.of(text.total));
    const [strength] = new Uint32Array(Float32Array.of(text.strength).buffer);
    this.#write('work', 16 * (workPlaces(this.#setup).slots + slot), Uint32Array.of(text.prompt, strength, 0, 0));
    if (sums.length === 0) return;
    const windows = text.windows.flatMap((window) =>
      window.map((end) => (Number.isFinite(end) ? Math.min(end, OPEN_END) : OPEN_END)),
    );
    this.#write('windows', 8 * slot * capture.windows, Uint32Array.from(windows));
    const encoder = this.#device.createCommandEncoder();
    for (const { buffer, count } of sums) {
      const bytes = 4 * count * captured;
      encoder.clearBuffer(this.#allocation.buffer(buffer), slot * bytes, bytes);
    }
    this.#device.queue.submit([encoder.finish()]);
  }

  list({ work, asked, wanted }: StepList): void {
    this.#write('work', 0, work);
    if (wanted > 0) this.#write('asked', 0, asked.subarray(0, 4 * wanted));
  }

  /** @param vectors [layers][width] */
  steer(vectors: Float32Array<ArrayBuffer>): void {
    const { spec } = this.#setup.options;
    const stride = 4 * decoderSizes(spec).width4;
    for (let layer = 0; layer < spec.layers; layer++)
      this.#write('steering', 4 * layer * stride, vectors.subarray(layer * spec.width, (layer + 1) * spec.width));
  }

  async totals(): Promise<Uint32Array> {
    return new Uint32Array(await this.#read('totals', 4 * this.#setup.options.slots));
  }

  /** Ids, or −log p of them, of all slots: [slots][context]. */
  async ofAll(buffer: 'ids' | 'nll'): Promise<ArrayBuffer> {
    const { slots, context } = this.#setup.options;
    const all = new Uint8Array(4 * slots * context);
    await this.#inTurn(async () => {
      const from = { bytesPerRow: 4 * context, count: slots };
      const staging = this.#allocation.buffer('staging');
      for await (const piece of fetchRows(this.#device, this.#allocation.buffer(buffer), staging, from))
        all.set(new Uint8Array(piece.bytes), 4 * context * piece.first);
    });
    return all.buffer;
  }

  async sums(slot: number): Promise<Float32Array> {
    const { options, captured, sums } = this.#setup;
    const all = new Float32Array(options.capture.windows * captured);
    for (const { buffer, first, count } of sums)
      for (let i = 0; i < count; i++)
        all.set(new Float32Array(await this.#read(buffer, 4 * captured, slot * count + i)), (first + i) * captured);
    return all;
  }

  async rows(slot: number, count: number): Promise<Float32Array> {
    const { options, captured, kept } = this.#setup;
    const rows = new Float32Array(count * captured);
    const share = kept.find(({ first, count: own }) => slot >= first && slot < first + own) as Share;
    const place = (slot - share.first) * options.context;
    await this.#inTurn(async () => {
      const staging = this.#allocation.buffer('staging');
      const from = { bytesPerRow: 4 * captured, first: place, count };
      for await (const piece of fetchRows(this.#device, this.#allocation.buffer(share.buffer), staging, from))
        rows.set(new Float32Array(piece.bytes), (piece.first - place) * captured);
    });
    return rows;
  }

  /** The i-th stretch of so many bytes of a buffer. */
  #read(buffer: string, bytes: number, i = 0): Promise<ArrayBuffer> {
    return this.#inTurn(async () => {
      const from = { bytesPerRow: bytes, first: i, count: 1 };
      const staging = this.#allocation.buffer('staging');
      for await (const piece of fetchRows(this.#device, this.#allocation.buffer(buffer), staging, from))
        return piece.bytes;
      throw new RangeError(`nothing of ${buffer} was read`);
    });
  }

  #inTurn<T>(read: () => Promise<T>): Promise<T> {
    const next = this.#reading.then(read, read);
    this.#reading = next.catch(() => undefined);
    return next;
  }
}
