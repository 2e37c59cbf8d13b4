/** The sampler in f64 on the CPU: the same reveals, the same words, the same order of sums as on a device. */
import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import { argMax, drawCategory, guide } from './draw.ts';
import { type Piece, piecesOf } from './pieces.ts';
import type { Predictor } from './predictor.ts';
import { categoryWord } from './random.ts';
import { type CellsToSample, planReveals, type RevealPlan } from './reveal-plan.ts';
import { argmaxStep, isGuided, type SamplerSettings, stepsOf } from './settings.ts';
import { checkCells, hiddenTokens, type TimedSampler } from './token-sampler.ts';

export class TwinSampler implements TimedSampler {
  readonly settings: SamplerSettings;
  readonly clock = 'wall';
  readonly #predictor: Predictor;
  readonly #mostRows: number;
  readonly #logits: Float64Array;
  readonly #without: Float64Array;
  #cells: CellsToSample = { seeds: new Uint32Array(0) };
  #plan: RevealPlan | undefined;
  #pieces: readonly Piece[] = [];
  #tokens = new Uint8Array(0);
  #next = 0;
  #busyMs = 0;

  /** Throws `ConfigError` where settings and predictor disagree. */
  constructor(settings: SamplerSettings, predictor: Predictor, sizes: BatchSizes = defaultSizes) {
    checkPredictor(settings, predictor);
    this.settings = settings;
    this.#predictor = predictor;
    this.#mostRows = Math.max(settings.genes, sizes['cells.rowsAtOnce']);
    this.#logits = new Float64Array(this.#mostRows * settings.bins);
    this.#without = new Float64Array(isGuided(settings) ? this.#logits.length : 0);
  }

  get steps(): number {
    return stepsOf(this.settings);
  }
  get step(): number {
    return this.#pieces[this.#next]?.step ?? this.steps;
  }
  get done(): boolean {
    return this.#plan !== undefined && this.#next === this.#pieces.length;
  }
  get revealed(): number {
    return this.#pieces[this.#next]?.firstRow ?? this.hidden;
  }
  get hidden(): number {
    return this.#plan?.rows.length ?? 0;
  }
  get busyMs(): number {
    return this.#busyMs;
  }

  begin(cells: CellsToSample): void {
    checkCells(this.settings, cells, Number.POSITIVE_INFINITY);
    this.#cells = cells;
    this.#plan = planReveals(this.settings, cells);
    this.#pieces = piecesOf(this.#plan, this.#mostRows);
    this.#tokens = cells.start ? cells.start.slice() : hiddenTokens(cells.seeds.length, this.settings);
    this.#next = 0;
  }

  async advance(budgetMs: number, maxSteps = Number.POSITIVE_INFINITY): Promise<void> {
    const begin = performance.now();
    const end = this.step + maxSteps;
    while (this.#next < this.#pieces.length && this.step < end) {
      await this.#reveal(this.#pieces[this.#next]);
      this.#next++;
      if (performance.now() - begin >= budgetMs) break;
    }
    this.#busyMs += performance.now() - begin;
    // Lets the worker read its messages (pause, stop) between two calls.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  async tokens(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#tokens.slice();
  }

  close(): void {
    this.#plan = undefined;
    this.#pieces = [];
    this.#tokens = new Uint8Array(0);
    this.#predictor.close?.();
  }

  /** Predicts the rows of a piece and draws their tokens. */
  async #reveal(piece: Piece): Promise<void> {
    const { genes, bins, temperature, guidance } = this.settings;
    const plan = this.#plan!;
    const request = { plan, piece, tokens: this.#tokens };
    await this.#predictor.predict({ ...request, labels: this.#cells.labels }, this.#logits);
    const guided = isGuided(this.settings);
    // Closed meanwhile.
    if (this.#plan !== plan) return;
    if (guided) await this.#predictor.predict({ ...request, labels: undefined }, this.#without);
    const denoise = piece.step === argmaxStep(this.settings);
    for (let i = 0; i < piece.rows; i++) {
      const row = plan.rows[piece.firstRow + i];
      const logits = this.#logits.subarray(i * bins, (i + 1) * bins);
      if (guided) guide(logits, this.#without.subarray(i * bins, (i + 1) * bins), guidance);
      const word = () => categoryWord(this.#cells.seeds[Math.floor(row / genes)], row % genes, piece.step);
      this.#tokens[row] = denoise ? argMax(logits) : drawCategory(logits, temperature, word());
    }
  }
}

function checkPredictor({ genes, bins }: SamplerSettings, predictor: Predictor): void {
  if (predictor.genes !== genes || predictor.bins !== bins)
    throw new RangeError(
      `The predictor has ${predictor.genes} genes and ${predictor.bins} bins, the sampler ${genes} and ${bins}`,
    );
}
