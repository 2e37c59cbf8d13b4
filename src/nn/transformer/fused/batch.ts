/** Texts side by side in a fused decoder: submits of so many positions a text, and what is read back. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { Allocation } from '../../../gpu/allocation.ts';
import type { BoundKernel } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { type Flight, PacedSubmits } from '../../../gpu/paced-submits.ts';
import { Pacer } from '../../../gpu/pacer.ts';
import { fetchRows, fetchStaged, type PendingRead, ReadbackRing, readBuffer } from '../../../gpu/readback.ts';
import type { DecoderBatch, DecoderOptions, TextStart, TextState, TextSums } from '../batch.ts';
import { steeringRow, weightLayout } from './layout.ts';
import { FUSED } from './plan.ts';
import { type FusedShape, groupSlots } from './shape.ts';
import { captureLayout } from './state-layout.ts';
import { checkText, type TextsLayout, textsLayout, textWords } from './texts.ts';
import { fusedIterations } from './work.ts';

/** Offset of `Settings.positions` in WGSL. */
const POSITIONS_BYTE = 16;

/** What is known here of a slot's text. */
interface Slot {
  readonly text: TextStart;
  /** Ids that it has at the start. */
  readonly given: number;
  /** Ids at most. */
  readonly most: number;
  /** Positions computed as far as heard, and asked for in submits. */
  fed: number;
  asked: number;
  done: boolean;
}

interface Piece extends Flight {
  readonly heads: PendingRead;
  /** Texts as they were when it was submitted, and how many positions each was to have then. */
  readonly texts: readonly (readonly [slot: number, text: Slot, asked: number])[];
}

export class FusedBatch implements DecoderBatch {
  readonly #gpu: GpuContext;
  readonly #allocation: Allocation;
  readonly #kernel: BoundKernel;
  readonly #layout: TextsLayout;
  readonly #row: number;
  readonly #steering: number;
  readonly #steeringRow: number;
  readonly #groups: number;
  readonly #submits: PacedSubmits<Piece>;
  readonly #pacer: Pacer;
  readonly #ring: ReadbackRing;
  readonly #slots: (Slot | undefined)[];
  #work = 0;
  /** Reads take turns at the staging buffer. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(
    gpu: GpuContext,
    allocation: Allocation,
    kernel: BoundKernel,
    readonly options: DecoderOptions,
    shape: FusedShape,
    readonly sizes: BatchSizes,
  ) {
    this.#gpu = gpu;
    this.#allocation = allocation;
    this.#kernel = kernel;
    this.#layout = textsLayout(options);
    this.#row = captureLayout(options).row;
    this.#steering = weightLayout(options.spec, options, shape).vectors.steering;
    this.#steeringRow = steeringRow(options.spec, shape);
    this.#groups = Math.ceil(options.slots / groupSlots(shape));
    this.#submits = new PacedSubmits(gpu, allocation, shape.submitsInFlight);
    this.#pacer = new Pacer({ maxUnits: shape.iterations / fusedIterations(options, shape) });
    this.#ring = new ReadbackRing(gpu.device, allocation, FUSED.heads);
    this.#slots = Array.from({ length: options.slots }, () => undefined);
  }

  get work(): number {
    return this.#work;
  }
  get busyMs(): number {
    return this.#submits.busyMs;
  }
  get clock(): DecoderBatch['clock'] {
    return this.#submits.clock;
  }

  place(texts: readonly TextStart[]): Promise<void> {
    for (const text of texts) checkText(text, this.options);
    const { queue } = this.#gpu.device;
    const buffer = this.#allocation.buffer(FUSED.texts);
    for (const text of texts) {
      const { slot } = text;
      queue.writeBuffer(buffer, 4 * slot * this.#layout.text, textWords(text));
      queue.writeBuffer(buffer, 4 * (this.#layout.ids + slot * this.options.context), Uint32Array.from(text.ids));
      const most = text.ids.length + text.newTokens;
      this.#slots[slot] = { text, given: text.ids.length, most, fed: 0, asked: 0, done: false };
    }
    return Promise.resolve();
  }

  async advance(budgetMs: number, most = Number.POSITIVE_INFINITY): Promise<void> {
    let left = most;
    await this.#submits.advance(budgetMs, {
      more: () => left > 0 && this.#slots.some((slot) => slot && !slot.done && slot.asked < slot.most),
      next: () => {
        const longest = Math.max(...this.#slots.map((slot) => (slot && !slot.done ? slot.most - slot.asked : 0)));
        const positions = this.#pacer.next(Math.min(left, longest));
        left -= positions;
        return this.#submit(positions);
      },
      landed: (piece) => this.#landed(piece),
    });
  }

  #submit(positions: number): Piece {
    this.#gpu.device.queue.writeBuffer(
      this.#allocation.buffer(FUSED.settings),
      POSITIONS_BYTE,
      Uint32Array.of(positions),
    );
    let heads: PendingRead | undefined;
    const flight = this.#submits.submit(
      this.#pacer,
      positions,
      (pass) => this.#kernel.dispatch(pass, this.#groups),
      (encoder) => {
        const buffer = this.#allocation.buffer(FUSED.texts);
        heads = this.#ring.copyAll(encoder, [{ buffer, offset: 0, bytes: 4 * this.#layout.ids }]);
      },
    );
    if (!heads) throw new RangeError('more submits are under way than were planned');
    const texts: Piece['texts'][number][] = [];
    for (const [at, slot] of this.#slots.entries())
      if (slot && !slot.done) {
        slot.asked = Math.min(slot.most, slot.asked + positions);
        texts.push([at, slot, slot.asked]);
      }
    return { ...flight, heads, texts };
  }

  async #landed({ heads, texts }: Piece): Promise<void> {
    const words = new Uint32Array(await heads.read());
    for (const [at, slot, asked] of texts) this.#hear(at, slot, words, asked);
  }

  /** What a text's words say, unless another has taken its slot. @param asked positions that it has, unless it is done */
  #hear(at: number, slot: Slot, words: Uint32Array, asked: number): void {
    if (this.#slots[at] !== slot) return;
    const [fed, , , , , , , going] = words.subarray(at * this.#layout.text);
    this.#work += Math.max(0, fed - slot.fed);
    slot.fed = Math.max(slot.fed, fed);
    slot.done = going === 0;
    if (!slot.done && fed < asked)
      throw new Error(
        `The device ended a loop early: ${fed} positions of the text in slot ${at} instead of ${asked}. Its driver bounds loops; use another adapter, or the CPU.`,
      );
  }

  states(): Promise<readonly TextState[]> {
    return this.#alone(() => this.#states());
  }

  sums(slot: number): Promise<TextSums> {
    return this.#alone(() => this.#sums(slot));
  }

  rows(slot: number): Promise<Float32Array> {
    return this.#alone(() => this.#rows(slot));
  }

  #alone<T>(read: () => Promise<T>): Promise<T> {
    const done = this.#reading.then(read);
    this.#reading = done.catch(() => undefined);
    return done;
  }

  async #states(): Promise<readonly TextState[]> {
    const { context, scored } = this.options;
    const { device } = this.#gpu;
    const source = { buffer: this.#allocation.buffer(FUSED.texts), offset: 0, bytes: 4 * this.#layout.words };
    const slots = [...this.#slots];
    const bytes = await fetchStaged(device, source, this.#allocation.buffer(FUSED.staging));
    const words = new Uint32Array(bytes);
    const numbers = new Float32Array(bytes);
    return slots.flatMap((slot, at) => {
      if (!slot) return [];
      this.#hear(at, slot, words, 0);
      const length = words[at * this.#layout.text + 1];
      const ids = this.#layout.ids + at * context;
      const nll = this.#layout.nll + at * context;
      const known = Math.min(words[at * this.#layout.text] + 1, length);
      return [
        {
          slot: at,
          drawn: words.slice(ids + slot.given, ids + length),
          fed: words[at * this.#layout.text],
          done: slot.done,
          ...(scored ? { nll: numbers.slice(nll + 1, nll + Math.max(known, 1)) } : {}),
        },
      ];
    });
  }

  async #sums(slot: number): Promise<TextSums> {
    const text = this.#textIn(slot);
    const { device } = this.#gpu;
    const { windows, components } = this.options.capture;
    const size = components.length > 0 ? windows * this.#row : 0;
    const encoder = device.createCommandEncoder();
    const staging = this.#allocation.buffer(FUSED.staging);
    const heads = 4 * this.#layout.text;
    encoder.copyBufferToBuffer(this.#allocation.buffer(FUSED.texts), slot * heads, staging, 0, heads);
    if (size > 0)
      encoder.copyBufferToBuffer(this.#allocation.buffer(FUSED.sums), 4 * slot * size, staging, heads, 4 * size);
    device.queue.submit([encoder.finish()]);
    const bytes = await readBuffer(device, staging, heads + 4 * size);
    const [fed] = new Uint32Array(bytes);
    return {
      counts: text.text.windows.map(([from, to]) => Math.max(0, Math.min(to, fed) - from)),
      sums: fed > 0 ? new Float32Array(bytes.slice(heads)) : new Float32Array(size),
    };
  }

  async #rows(slot: number): Promise<Float32Array> {
    this.#textIn(slot);
    if (!this.options.capture.kept) throw new RangeError('rows were not kept: the capture is not `kept`');
    const { context, capture } = this.options;
    const states = await this.#states();
    const fed = states.find((state) => state.slot === slot)?.fed ?? 0;
    const size = capture.components.length > 0 ? this.#row : 0;
    const rows = new Float32Array(fed * size);
    if (rows.length === 0) return rows;
    const pieces = fetchRows(
      this.#gpu.device,
      this.#allocation.buffer(FUSED.rows),
      this.#allocation.buffer(FUSED.staging),
      { bytesPerRow: 4 * size, first: slot * context, count: fed },
    );
    for await (const { first, bytes } of pieces) rows.set(new Float32Array(bytes), (first - slot * context) * size);
    return rows;
  }

  #textIn(slot: number): Slot {
    const text = this.#slots[slot];
    if (!text) throw new RangeError(`there is no text in slot ${slot}`);
    return text;
  }

  steer(vectors: Float32Array<ArrayBuffer>): Promise<void> {
    const { steering, spec } = this.options;
    if (!steering) throw new RangeError('this decoder was opened without steering');
    if (vectors.length !== spec.layers * spec.width)
      throw new RangeError(`${vectors.length} numbers to steer by instead of ${spec.layers} × ${spec.width}`);
    const rows = new Float32Array(spec.layers * this.#steeringRow);
    for (let layer = 0; layer < spec.layers; layer++)
      rows.set(vectors.subarray(layer * spec.width, (layer + 1) * spec.width), layer * this.#steeringRow);
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer(FUSED.vectors), 4 * this.#steering, rows);
    return Promise.resolve();
  }

  close(): void {
    this.#submits.destroy();
    this.#allocation.destroy();
  }
}
