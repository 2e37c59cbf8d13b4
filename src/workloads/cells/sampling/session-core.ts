/** A chunk of cells on a device: steps drawn and uploaded first, then predictor and draw for piece after piece. */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { Allocation } from '../../../gpu/allocation.ts';
import { type BoundKernel, bindKernels } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { type Flight, PacedSubmits } from '../../../gpu/paced-submits.ts';
import { Pacer } from '../../../gpu/pacer.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { fetchRows, ReadbackRing } from '../../../gpu/readback.ts';
import type { DevicePredictor, PacedUnit, PredictorPlace } from './device-predictor.ts';
import { drawWords, LOOKS, PIECE_WORDS, placeOf, planSampler, samplerKernels } from './kernels.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { type CellsToSample, planReveals } from './reveal-plan.ts';
import { isGuided, type SamplerSettings, stepsOf } from './settings.ts';
import { checkCells, type TimedSampler } from './token-sampler.ts';

/** Label of a cell that has none: larger than any. */
const NO_LABEL = 0xffffffff;

interface PiecesFlight extends Flight {
  /** Pieces that are done when it has landed. */
  readonly pieces: number;
}

export class DeviceSampler implements TimedSampler {
  readonly settings: SamplerSettings;
  readonly #gpu: GpuContext;
  readonly #predictor: DevicePredictor;
  readonly #allocation: Allocation;
  readonly #place: PredictorPlace;
  readonly #kernels: Readonly<Record<'nextPiece' | 'draw', BoundKernel>>;
  readonly #predictorKernels: Readonly<Record<string, BoundKernel>>;
  readonly #submits: PacedSubmits<PiecesFlight>;
  readonly #ring: ReadbackRing;
  readonly #pacer = new Pacer();
  #cells = 0;
  #hidden = 0;
  #pieces: readonly Piece[] = [];
  /** Units of the piece that comes next and have not been submitted. */
  #waiting: readonly PacedUnit[] = [];
  /** Pieces begun, and those whose tokens are there. */
  #begun = 0;
  #landed = 0;
  #closed = false;

  private constructor(
    gpu: GpuContext,
    place: PredictorPlace,
    predictor: DevicePredictor,
    allocation: Allocation,
    kernels: Readonly<Record<'nextPiece' | 'draw', BoundKernel>>,
    predictorKernels: Readonly<Record<string, BoundKernel>>,
  ) {
    this.#gpu = gpu;
    this.settings = place.settings;
    this.#place = place;
    this.#predictor = predictor;
    this.#allocation = allocation;
    this.#kernels = kernels;
    this.#predictorKernels = predictorKernels;
    this.#submits = new PacedSubmits(gpu, allocation, place.sizes['gpu.submitsInFlight']);
    this.#ring = new ReadbackRing(gpu.device, allocation, LOOKS);
  }

  /** Compiles and takes all memory of `planSampler`. Throws the typed errors of `GpuContext`. */
  static async open(
    gpu: GpuContext,
    settings: SamplerSettings,
    predictor: DevicePredictor,
    chunk: number,
    sizes: BatchSizes = defaultSizes,
    plan: BufferPlan = planSampler(settings, predictor, chunk, sizes),
  ): Promise<DeviceSampler> {
    const place = placeOf(settings, plan.chunk, sizes);
    return gpu.allocateFor(plan, async (allocation) => {
      const [own, others] = await Promise.all([
        bindKernels(gpu, allocation, samplerKernels(place)),
        bindKernels(gpu, allocation, predictor.kernels(place)),
      ]);
      predictor.upload(gpu.device, allocation, place);
      gpu.device.queue.writeBuffer(allocation.buffer('how'), 0, drawWords(settings));
      return new DeviceSampler(gpu, place, predictor, allocation, own, others);
    });
  }

  get steps(): number {
    return stepsOf(this.settings);
  }
  get step(): number {
    return this.#pieces[this.#landed]?.step ?? this.steps;
  }
  get done(): boolean {
    return this.#landed === this.#pieces.length;
  }
  get revealed(): number {
    return this.#pieces[this.#landed]?.firstRow ?? this.#hidden;
  }
  get hidden(): number {
    return this.#hidden;
  }
  get busyMs(): number {
    return this.#submits.busyMs;
  }
  get clock() {
    return this.#submits.clock;
  }

  begin(cells: CellsToSample): void {
    checkCells(this.settings, cells, this.#place.chunk);
    const { genes, bins } = this.settings;
    const plan = planReveals(this.settings, cells);
    this.#submits.drop();
    this.#cells = cells.seeds.length;
    this.#hidden = plan.rows.length;
    this.#pieces = piecesOf(plan, this.#place.rowsAtOnce);
    this.#waiting = [];
    this.#begun = 0;
    this.#landed = 0;
    const tokens = cells.start ? Uint32Array.from(cells.start) : new Uint32Array(this.#cells * genes).fill(bins);
    const pieces = new Uint32Array(this.#pieces.length * PIECE_WORDS);
    this.#pieces.forEach(({ step, firstRow, rows, firstCell, cells, most }, i) => {
      // The sixth is the number of the next one, which the device keeps.
      pieces.set([step, firstRow, rows, firstCell, cells, 0, most], i * PIECE_WORDS);
    });
    this.#write('seeds', Uint32Array.from(cells.seeds));
    this.#write('labels', Uint32Array.from(cells.labels ?? new Uint32Array(2 * this.#cells).fill(NO_LABEL)));
    this.#write('tokens', tokens);
    this.#write('rows', plan.rows);
    this.#write('places', plan.places);
    this.#write('active', plan.cells);
    this.#write('pieces', pieces);
    this.#write('piece', new Uint32Array(PIECE_WORDS));
  }

  async advance(budgetMs: number, maxSteps = Number.POSITIVE_INFINITY): Promise<void> {
    const end = this.step + maxSteps;
    await this.#submits.advance(budgetMs, {
      more: () => this.#waiting.length > 0 || (this.#pieces[this.#begun]?.step ?? Number.POSITIVE_INFINITY) < end,
      next: () => this.#submit(this.#pacer.next(Number.POSITIVE_INFINITY), end),
      landed: ({ pieces }) => {
        this.#landed = pieces;
      },
    });
  }

  async tokens(): Promise<Uint8Array<ArrayBuffer>> {
    const { genes } = this.settings;
    const found = new Uint8Array(this.#cells * genes);
    const wanted = { bytesPerRow: genes * Uint32Array.BYTES_PER_ELEMENT, count: this.#cells };
    const [tokens, staging] = [this.#allocation.buffer('tokens'), this.#allocation.buffer('staging')];
    for await (const { first, bytes } of fetchRows(this.#gpu.device, tokens, staging, wanted))
      found.set(new Uint32Array(bytes), first * genes);
    this.#gpu.throwFault();
    return found;
  }

  /** Tokens of at most `cells.lookCells` cells from `first` on as they are now, beside the work; undefined while looks are under way. */
  async look(first: number, count: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.#closed) return undefined;
    const bytesPerCell = this.settings.genes * Uint32Array.BYTES_PER_ELEMENT;
    const some = Math.min(count, this.#place.sizes['cells.lookCells'], this.#cells - first);
    if (some < 1) return undefined;
    const { device } = this.#gpu;
    const encoder = device.createCommandEncoder();
    const buffer = this.#allocation.buffer('tokens');
    const pending = this.#ring.copyAll(encoder, [{ buffer, offset: first * bytesPerCell, bytes: some * bytesPerCell }]);
    if (!pending) return undefined;
    device.queue.submit([encoder.finish()]);
    return Uint8Array.from(new Uint32Array(await pending.read()));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#submits.destroy();
    this.#allocation.destroy();
  }

  /** Submits about so many units, of one piece or of many. */
  #submit(wanted: number, end: number): PiecesFlight {
    let units: PacedUnit[] = [];
    while (units.length < wanted) {
      if (this.#waiting.length === 0) {
        const piece = this.#pieces[this.#begun];
        if (!piece || piece.step >= end) break;
        this.#waiting = this.#unitsOf(piece);
        this.#begun++;
      }
      const some = this.#waiting.slice(0, wanted - units.length);
      this.#waiting = this.#waiting.slice(some.length);
      units = [...units, ...some];
    }
    const flight = this.#submits.submit(this.#pacer, units.length, (pass) => {
      for (const unit of units) unit(pass);
    });
    return { ...flight, pieces: this.#waiting.length > 0 ? this.#begun - 1 : this.#begun };
  }

  /** The units of a piece: turning to it goes with the first, the draw with the last. */
  #unitsOf(piece: Piece): readonly PacedUnit[] {
    const { nextPiece, draw } = this.#kernels;
    const units = (without: boolean) =>
      this.#predictor.units(piece, without, this.#predictorKernels, this.#place, this.#gpu.device);
    const all = isGuided(this.settings) ? [...units(false), ...units(true)] : units(false);
    const groups = Math.ceil(piece.rows / this.#place.sizes['cells.drawThreads']);
    return all.map((unit, i) => (pass) => {
      if (i === 0) nextPiece.dispatch(pass, 1);
      unit(pass);
      if (i === all.length - 1) draw.dispatch(pass, groups);
    });
  }

  #write(name: string, words: Uint32Array<ArrayBuffer>): void {
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer(name), 0, words);
  }
}
