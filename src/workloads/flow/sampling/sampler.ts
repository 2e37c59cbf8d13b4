/** A compiled sampler: opened once for a network, a solver and a precision, used for any number of observations. */
import type { Allocation } from '../../../gpu/allocation.ts';
import { type BoundKernel, bindKernel, gridOf } from '../../../gpu/bound-kernel.ts';
import type { ClockSource } from '../../../gpu/clock.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { type Flight, PacedSubmits } from '../../../gpu/paced-submits.ts';
import { Pacer } from '../../../gpu/pacer.ts';
import { fetchRows, fetchStaged, ReadbackRing } from '../../../gpu/readback.ts';
import { usableIterations } from '../../../gpu/report.ts';
import type { TileShape } from '../../../nn/mlp-kernel.ts';
import { naturalSamples, type VelocityModel } from '../model.ts';
import { AdaptiveWalks, type Walked } from './adaptive-walks.ts';
import { DEFAULT_TOLERANCE, type Tolerance } from './dopri5.ts';
import { uploadNetwork } from './network-buffers.ts';
import { CONTROL_BYTES, groupBytes, planSampler, SAMPLES_A_GROUP, type SamplerSizes, stagedGroups } from './plan.ts';
import { type DiffusionSettings, scheduleOf } from './schedule.ts';
import { samplerBindings, samplerIterations, samplerShader } from './shader.ts';
import {
  DEFAULT_SPACING,
  evaluationsOf,
  evaluationsPerStep,
  isAdaptive,
  type Spacing,
  spacingPower,
} from './solvers.ts';

export interface SamplerOptions extends SamplerSizes {
  readonly tile: TileShape;
  /** Strength of the noise of `zero_ends` and `non_singular`. */
  readonly alpha: number;
  /** How fixed steps are spread over time; `late` unless given. */
  readonly spacing?: Spacing;
  /** Relative and absolute error of a step of adapted length, in units of standardised parameters; 1e-5 unless given. */
  readonly tolerance?: Tolerance;
  /** Noise levels of `edm` and `vp_sde`. */
  readonly diffusion?: DiffusionSettings;
}

/** Four samples of one observation. */
export interface SampleGroup {
  /** Row among the observations of the call. */
  readonly row: number;
  /** Number of the first of the four within its observation. */
  readonly sample: number;
  /** Random stream of the observation. */
  readonly stream: number;
}

interface SamplerFlight extends Flight {
  /** Samples that were not at the end after it; of an adaptive solver only. */
  readonly left?: Promise<number | undefined>;
}

export class FlowSampler {
  readonly options: SamplerOptions;
  readonly #gpu: GpuContext;
  readonly #model: VelocityModel;
  readonly #allocation: Allocation;
  readonly #kernel: BoundKernel;
  readonly #submits: PacedSubmits<SamplerFlight>;
  readonly #ring: ReadbackRing;
  readonly #pacer: Pacer;
  #groups = 0;
  #seed = 0;
  #step = 0;
  #landed = 0;
  /** Standard deviation of the start. */
  readonly #start: number;
  /** Of an adaptive solver. */
  readonly #walks: AdaptiveWalks | undefined;
  /** Every sample is at the end; and what each took. */
  #arrived = false;
  #walked: Walked | undefined;
  /** What `sample` fetches behind its last submit, and whether it wants that. */
  #fetched: Promise<ArrayBuffer> | undefined;
  #fetchesAtEnd = false;
  #closed = false;

  private constructor(
    gpu: GpuContext,
    model: VelocityModel,
    options: SamplerOptions,
    allocation: Allocation,
    kernel: BoundKernel,
  ) {
    this.#gpu = gpu;
    this.#model = model;
    this.options = options;
    this.#allocation = allocation;
    this.#kernel = kernel;
    const { solver } = options;
    const schedule =
      solver === 'edm' || solver === 'vp_sde' ? scheduleOf(solver, options.steps, options.diffusion) : undefined;
    if (schedule) gpu.device.queue.writeBuffer(allocation.buffer('schedule'), 0, schedule.rows);
    this.#start = schedule?.start ?? 1;
    this.#submits = new PacedSubmits(gpu, allocation, options.submitsInFlight);
    this.#ring = new ReadbackRing(gpu.device, allocation, 'peek');
    if (isAdaptive(options.solver)) this.#walks = new AdaptiveWalks(gpu.device, allocation);
    const iterations = samplerIterations(model, options);
    this.#pacer = new Pacer({ maxUnits: Math.min(options.steps, usableIterations(gpu.report) / iterations) });
  }

  /** Compiles and takes all memory: `plan`, or what the options come to. Throws the typed errors of `GpuContext`. */
  static async open(
    gpu: GpuContext,
    model: VelocityModel,
    options: SamplerOptions,
    plan = planSampler(model, options),
  ): Promise<FlowSampler> {
    return gpu.allocateFor(plan, async (allocation) => {
      const shader = samplerShader(model, options);
      const kernel = await bindKernel(gpu, allocation, { shader, buffers: samplerBindings(options.solver) });
      uploadNetwork(gpu.device, allocation, model, options.precision);
      await gpu.finished();
      return new FlowSampler(gpu, model, options, allocation, kernel);
    });
  }

  /** Milliseconds the device was busy so far, and how that was measured. */
  get busyMs(): number {
    return this.#submits.busyMs;
  }
  get clock(): ClockSource {
    return this.#submits.clock;
  }
  /** Steps submitted of the groups in flight. */
  get step(): number {
    return this.#step;
  }
  /** Evaluations of the network that have finished for the groups in flight; of an adaptive solver at most so many until it is done. */
  get evaluations(): number {
    if (this.#walked) return this.#walked.evaluations.reduce((sum, count) => sum + count, 0);
    const { solver, steps } = this.options;
    const each = this.#landed < steps ? this.#landed * evaluationsPerStep(solver) : evaluationsOf(solver, steps);
    return each * SAMPLES_A_GROUP * this.#groups;
  }
  /** What each sample took, [group][4], when an adaptive solver is done; otherwise undefined. */
  get walked(): Walked | undefined {
    return this.#walked;
  }
  /** True when all steps are submitted, or all samples at the end, and no submit is under way. */
  get done(): boolean {
    return (this.#arrived || this.#step >= this.options.steps) && this.#submits.flying === 0;
  }

  /** Standardised observations [rows][x dimension] of the groups to come. */
  setObservations(observations: Float32Array<ArrayBuffer>): void {
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer('observations'), 0, observations);
  }

  /**
   * Turns to the given groups, at most `options.groups`; what was in flight is dropped.
   * @param seed first word of the key; the second is the group's stream
   */
  begin(groups: readonly SampleGroup[], seed: number): void {
    if (groups.length > this.options.groups)
      throw new RangeError(`${groups.length} groups do not fit the ${this.options.groups} of this sampler`);
    const words = new Uint32Array(4 * groups.length);
    groups.forEach(({ row, sample, stream }, i) => {
      words.set([row, sample, stream], 4 * i);
    });
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer('groups'), 0, words);
    this.#submits.drop();
    this.#groups = groups.length;
    this.#seed = seed;
    this.#step = 0;
    this.#landed = 0;
    this.#arrived = false;
    this.#walked = undefined;
  }

  /** Runs for about `budgetMs`, or `maxSteps` steps if that is sooner. Resolves when that work has finished on the device. */
  async advance(budgetMs: number, maxSteps = Number.POSITIVE_INFINITY): Promise<void> {
    const { steps } = this.options;
    const stop = Math.min(steps, this.#step + maxSteps);
    await this.#submits.advance(budgetMs, {
      more: () => !this.#arrived && this.#step < stop,
      next: () => {
        const flight = this.#submit(this.#pacer.next(stop - this.#step));
        if (this.#fetchesAtEnd && this.#step === steps) {
          this.#fetched = this.#fetch();
          // Whoever awaits it hears of a lost device; so does the flight before it.
          this.#fetched.catch(() => undefined);
        }
        return flight;
      },
      landed: async ({ units, left }) => {
        this.#landed += units;
        if ((await left) === 0) this.#arrived = true;
      },
    });
    if (this.#walks && this.done) this.#walked ??= await this.#walks.read(this.#groups);
    this.#gpu.throwFault();
  }

  /**
   * Where the samples of some groups are now: [group][4][dimension] in the units of the parameters. Samples that have not reached the end
   * within the attempts of an adaptive solver are NaN.
   */
  async positions(first = 0, count = this.#groups - first): Promise<Float32Array<ArrayBuffer>> {
    const d = this.#model.task.thetaDimension;
    const samples = new Float32Array(SAMPLES_A_GROUP * count * d);
    const wanted = { bytesPerRow: groupBytes(d), first, count };
    const [positions, staging] = [this.#allocation.buffer('positions'), this.#allocation.buffer('staging')];
    for await (const piece of fetchRows(this.#gpu.device, positions, staging, wanted)) {
      const found = naturalSamples(this.#model, new Float32Array(piece.bytes));
      samples.set(found, SAMPLES_A_GROUP * (piece.first - first) * d);
    }
    this.#walked?.reached.subarray(SAMPLES_A_GROUP * first, SAMPLES_A_GROUP * (first + count)).forEach((reached, i) => {
      if (!reached) samples.fill(Number.NaN, i * d, (i + 1) * d);
    });
    this.#gpu.throwFault();
    return samples;
  }

  /** The same of at most `peekGroups` groups without waiting for others; undefined before the first step, and while looks are under way. */
  async look(first: number, count: number): Promise<Float32Array<ArrayBuffer> | undefined> {
    if (this.#closed || this.#step === 0) return undefined;
    const { device } = this.#gpu;
    const bytes = groupBytes(this.#model.task.thetaDimension);
    const some = Math.min(count, this.options.peekGroups, this.#groups - first);
    const encoder = device.createCommandEncoder();
    const source = { buffer: this.#allocation.buffer('positions'), offset: first * bytes, bytes: some * bytes };
    const pending = this.#ring.copyAll(encoder, [source]);
    if (!pending) return undefined;
    device.queue.submit([encoder.finish()]);
    return naturalSamples(this.#model, new Float32Array(await pending.read()));
  }

  /** Samples of the given groups, from the noise to the end: [group][4][dimension] in the units of the parameters. */
  async sample(groups: readonly SampleGroup[], seed: number): Promise<Float32Array<ArrayBuffer>> {
    this.begin(groups, seed);
    // Results of one piece are asked for behind the last submit, so that there is one wait for both.
    this.#fetchesAtEnd = !this.#walks && groups.length <= stagedGroups(this.options, this.#model.task.thetaDimension);
    try {
      await this.advance(Number.POSITIVE_INFINITY);
      if (this.#fetched) return naturalSamples(this.#model, new Float32Array(await this.#fetched));
    } finally {
      this.#fetchesAtEnd = false;
      this.#fetched = undefined;
    }
    return this.positions();
  }

  /** Positions of all groups, where they are one piece. */
  #fetch(): Promise<ArrayBuffer> {
    const bytes = this.#groups * groupBytes(this.#model.task.thetaDimension);
    const source = { buffer: this.#allocation.buffer('positions'), offset: 0, bytes };
    return fetchStaged(this.#gpu.device, source, this.#allocation.buffer('staging'));
  }

  /** Frees everything. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#submits.destroy();
    this.#allocation.destroy();
  }

  #submit(units: number): SamplerFlight {
    const { device } = this.#gpu;
    const { steps, tile, alpha, spacing = DEFAULT_SPACING } = this.options;
    const control = new Uint32Array(CONTROL_BYTES / Uint32Array.BYTES_PER_ELEMENT);
    control.set([this.#groups, steps, this.#step, this.#step + units, this.#seed]);
    const { relative, absolute } = this.options.tolerance ?? DEFAULT_TOLERANCE;
    new Float32Array(control.buffer).set(this.#walks ? [0, relative, absolute] : [alpha, this.#start], 5);
    if (!this.#walks) control[7] = spacingPower(spacing);
    this.#walks?.startCount();
    device.queue.writeBuffer(this.#allocation.buffer('control'), 0, control);
    const grid = gridOf(Math.ceil(this.#groups / tile.sampleGroups), device);
    let count: (() => Promise<number | undefined>) | undefined;
    const flight = this.#submits.submit(
      this.#pacer,
      units,
      (pass) => this.#kernel.dispatch(pass, ...grid),
      (encoder) => {
        count = this.#walks?.endCount(encoder);
      },
    );
    this.#step += units;
    const left = count?.();
    left?.catch(() => undefined);
    return { ...flight, left };
  }
}
