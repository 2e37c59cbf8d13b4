/** What steps of adapted length leave on the device: how far each sample is, and what it took. */
import type { Allocation } from '../../../gpu/allocation.ts';
import { fetchRows, ReadbackRing } from '../../../gpu/readback.ts';
import { SAMPLES_A_GROUP, WALK_BYTES, WALK_ROWS } from './plan.ts';

/** Of every sample, [group][4]. */
export interface Walked {
  /** Evaluations of the network that it took. */
  readonly evaluations: Uint32Array<ArrayBuffer>;
  /** 1 where it has reached the end of the flow. */
  readonly reached: Uint8Array<ArrayBuffer>;
}

export class AdaptiveWalks {
  readonly #device: GPUDevice;
  readonly #allocation: Allocation;
  readonly #ring: ReadbackRing;

  constructor(device: GPUDevice, allocation: Allocation) {
    this.#device = device;
    this.#allocation = allocation;
    this.#ring = new ReadbackRing(device, allocation, 'left');
  }

  /** Before each dispatch: nothing is counted yet. */
  startCount(): void {
    this.#device.queue.writeBuffer(this.#allocation.buffer('open'), 0, new Uint32Array(1));
  }

  /** After it: brings back how many samples are not at the end, once the encoder is submitted; undefined where nobody could look. */
  endCount(encoder: GPUCommandEncoder): () => Promise<number | undefined> {
    const source = { buffer: this.#allocation.buffer('open'), offset: 0, bytes: Uint32Array.BYTES_PER_ELEMENT };
    const pending = this.#ring.copyAll(encoder, [source]);
    return async () => pending && new Uint32Array(await pending.read())[0];
  }

  /** Of the first `groups` groups. */
  async read(groups: number): Promise<Walked> {
    const evaluations = new Uint32Array(SAMPLES_A_GROUP * groups);
    const reached = new Uint8Array(SAMPLES_A_GROUP * groups);
    const [walks, staging] = [this.#allocation.buffer('walks'), this.#allocation.buffer('staging')];
    const wanted = { bytesPerRow: WALK_BYTES, count: groups };
    for await (const { first, count, bytes } of fetchRows(this.#device, walks, staging, wanted)) {
      const rows = new Float32Array(bytes);
      for (let i = 0; i < SAMPLES_A_GROUP * count; i++) {
        const at = Math.floor(i / SAMPLES_A_GROUP) * SAMPLES_A_GROUP * WALK_ROWS + (i % SAMPLES_A_GROUP);
        reached[SAMPLES_A_GROUP * first + i] = rows[at] >= 1 ? 1 : 0;
        evaluations[SAMPLES_A_GROUP * first + i] = rows[at + (WALK_ROWS - 1) * SAMPLES_A_GROUP];
      }
    }
    return { evaluations, reached };
  }
}
