/** Texts side by side on a device, layer by layer: lists of positions in, tokens and sums out. */
import type { Allocation } from '../../../gpu/allocation.ts';
import type { BoundKernel } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { type Flight, PacedSubmits } from '../../../gpu/paced-submits.ts';
import { Pacer } from '../../../gpu/pacer.ts';
import { type PendingRead, ReadbackRing } from '../../../gpu/readback.ts';
import type { DecoderBatch, TextStart, TextState, TextSums } from '../batch.ts';
import type { StepCounts, StepKernel } from './kernels.ts';
import { stepList } from './list.ts';
import type { LayeredSetup } from './setup.ts';
import { type Going, goingOn, nextSubmission, readsAhead } from './steps.ts';
import { LayeredText } from './text.ts';
import { DeviceTexts } from './texts.ts';

interface StepFlight extends Flight {
  /** Texts it went on with, from where, how far. */
  readonly texts: readonly { readonly text: LayeredText; readonly from: number; readonly to: number }[];
  readonly totals: PendingRead | undefined;
}

export interface BoundStep {
  readonly step: StepKernel;
  readonly kernel: BoundKernel;
}

export class LayeredBatch implements DecoderBatch {
  readonly options: DecoderBatch['options'];
  readonly #allocation: Allocation;
  readonly #setup: LayeredSetup;
  readonly #steps: readonly BoundStep[];
  readonly #device: DeviceTexts;
  readonly #submits: PacedSubmits<StepFlight>;
  readonly #ring: ReadbackRing;
  /** In tiles of rows, and in steps. */
  readonly #reading = new Pacer();
  readonly #drawing = new Pacer();
  readonly #texts = new Map<number, LayeredText>();
  #work = 0;

  constructor(
    gpu: GpuContext,
    allocation: Allocation,
    setup: LayeredSetup,
    steps: readonly BoundStep[],
    inFlight: number,
  ) {
    this.options = setup.options;
    this.#allocation = allocation;
    this.#setup = setup;
    this.#steps = steps;
    this.#device = new DeviceTexts(gpu.device, allocation, setup);
    this.#submits = new PacedSubmits(gpu, allocation, inFlight);
    this.#ring = new ReadbackRing(gpu.device, allocation, 'states');
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

  async place(starts: readonly TextStart[]): Promise<void> {
    const texts = starts.map((start) => new LayeredText(start, this.options));
    for (const text of texts) {
      this.#texts.set(text.slot, text);
      this.#device.place(text);
    }
  }

  async advance(budgetMs: number, most = Number.POSITIVE_INFINITY): Promise<void> {
    const all: Going[] = [...this.#texts.values()].map((text) => ({
      text,
      until: text.submitted + most,
    }));
    await this.#submits.advance(budgetMs, {
      more: () => goingOn(all).length > 0,
      next: () => this.#submit(goingOn(all)),
      landed: (flight) => this.#landed(flight),
    });
  }

  #submit(going: readonly Going[]): StepFlight {
    const { shape } = this.#setup;
    const pacer = going.some(readsAhead) ? this.#reading : this.#drawing;
    const size = pacer.next(Number.POSITIVE_INFINITY);
    const { segments, steps, ahead } = nextSubmission(this.#setup, going, { rows: size * shape.rows, steps: size });
    const list = stepList(this.#setup, segments);
    this.#device.list(list);
    const texts = segments.map(({ slot, from, count }) => {
      const text = this.#texts.get(slot)!;
      text.submitted = from + count + steps - 1;
      return { text, from, to: text.submitted };
    });
    const units = ahead ? Math.ceil(list.rows / shape.rows) : steps;
    let totals: PendingRead | undefined;
    const flight = this.#submits.submit(
      pacer,
      units,
      (pass) => {
        for (let step = 0; step < steps; step++) this.#dispatch(pass, list);
      },
      (encoder) => {
        const buffer = this.#allocation.buffer('totals');
        totals = this.#ring.copyAll(encoder, [{ buffer, offset: 0, bytes: 4 * this.options.slots }]);
      },
    );
    return { ...flight, texts, totals };
  }

  #dispatch(pass: GPUComputePassEncoder, counts: StepCounts): void {
    for (const { step, kernel } of this.#steps) {
      const [x, y] = step.groups(counts);
      if (x > 0 && y > 0) kernel.dispatch(pass, x, y);
    }
  }

  async #landed({ texts, totals }: StepFlight): Promise<void> {
    if (totals) {
      const found = new Uint32Array(await totals.read());
      // Who was placed into the slot since then has ids of its own.
      for (const { text } of texts) text.total = Math.min(text.total, found[text.slot]);
    }
    for (const { text, from, to } of texts) this.#work += Math.max(0, Math.min(to, text.total) - from);
  }

  async states(): Promise<readonly TextState[]> {
    const texts = [...this.#texts.values()].sort((a, b) => a.slot - b.slot);
    const totals = await this.#device.totals();
    const { context, scored } = this.options;
    const ids = new Uint32Array(await this.#device.ofAll('ids'));
    const nll = scored ? new Float32Array(await this.#device.ofAll('nll')) : undefined;
    return texts.map((text) => {
      text.total = Math.min(text.total, totals[text.slot]);
      const { slot, given, fed, drawn } = text;
      const known = given + drawn;
      const at = slot * context;
      return {
        slot,
        drawn: ids.slice(at + given, at + known),
        fed,
        done: fed === text.total,
        ...(nll ? { nll: nll.slice(at + 1, at + Math.max(1, Math.min(known, fed + 1))) } : {}),
      };
    });
  }

  async sums(slot: number): Promise<TextSums> {
    const text = this.#text(slot);
    const totals = await this.#device.totals();
    text.total = Math.min(text.total, totals[slot]);
    return { counts: text.counts(), sums: await this.#device.sums(slot) };
  }

  async rows(slot: number): Promise<Float32Array> {
    if (!this.options.capture.kept) throw new RangeError('rows: the decoder was opened without keeping every position');
    const text = this.#text(slot);
    const totals = await this.#device.totals();
    text.total = Math.min(text.total, totals[slot]);
    return this.#device.rows(slot, text.fed);
  }

  async steer(vectors: Float32Array<ArrayBuffer>): Promise<void> {
    const { spec, steering } = this.options;
    if (!steering) throw new RangeError('steer: the decoder was opened without steering');
    if (vectors.length !== spec.layers * spec.width)
      throw new RangeError(`steer: ${vectors.length} numbers, and ${spec.layers} × ${spec.width} are expected`);
    this.#device.steer(vectors);
  }

  close(): void {
    this.#submits.destroy();
    this.#allocation.destroy();
  }

  #text(slot: number): LayeredText {
    const text = this.#texts.get(slot);
    if (!text) throw new RangeError(`There is no text in slot ${slot}`);
    return text;
  }
}
