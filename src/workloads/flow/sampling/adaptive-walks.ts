/** What steps of adapted length leave on the device: how far each sample is, and what it took. */
import type { Allocation } from '../../../gpu/allocation.ts';
import { ReadbackRing, readBuffer } from '../../../gpu/readback.ts';
import type { TaskShape } from '../training/setup.ts';
import { SAMPLES_A_GROUP, type SamplerSizes, stagedWalks, WALK_BYTES, WALK_ROWS } from './plan.ts';

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
  readonly #perPiece: number;

  constructor(device: GPUDevice, allocation: Allocation, sizes: SamplerSizes, task: TaskShape) {
    this.#device = device;
    this.#allocation = allocation;
    this.#ring = new ReadbackRing(device, allocation, 'left');
    this.#perPiece = stagedWalks(sizes, task.thetaDimension);
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
    const staging = this.#allocation.buffer('staging');
    for (let first = 0; first < groups; first += this.#perPiece) {
      const some = Math.min(this.#perPiece, groups - first);
      const encoder = this.#device.createCommandEncoder();
      const walks = this.#allocation.buffer('walks');
      encoder.copyBufferToBuffer(walks, first * WALK_BYTES, staging, 0, some * WALK_BYTES);
      this.#device.queue.submit([encoder.finish()]);
      const rows = new Float32Array(await readBuffer(this.#device, staging, some * WALK_BYTES));
      for (let i = 0; i < SAMPLES_A_GROUP * some; i++) {
        const at = Math.floor(i / SAMPLES_A_GROUP) * SAMPLES_A_GROUP * WALK_ROWS + (i % SAMPLES_A_GROUP);
        reached[SAMPLES_A_GROUP * first + i] = rows[at] >= 1 ? 1 : 0;
        evaluations[SAMPLES_A_GROUP * first + i] = rows[at + (WALK_ROWS - 1) * SAMPLES_A_GROUP];
      }
    }
    return { evaluations, reached };
  }
}
