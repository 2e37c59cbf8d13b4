/** A chunk of shear posteriors on the GPU: fit, warm-up and sampling in lock-step, in submits of 30–60 ms. */

import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { Allocation } from '../../../gpu/allocation.ts';
import { type BoundKernel, bindKernels, gridOf } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { type Flight, PacedSubmits } from '../../../gpu/paced-submits.ts';
import { Pacer } from '../../../gpu/pacer.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { ReadbackRing } from '../../../gpu/readback.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { type ChunkProgress, type ItemFailure, type Session, SessionStateError } from '../../workload.ts';
import { FIT_EVALUATIONS, gradientsPerTransition } from '../model-spec.ts';
import type { ShearPeek } from '../peek.ts';
import type { ShearProblem } from '../problem.ts';
import { ResidualChecks } from '../residuals/check.ts';
import { resultFault } from '../soundness.ts';
import { kernelBindings } from './buffers.ts';
import { checkWork, modeOf, posteriorItem } from './collect.ts';
import { CHAIN, CONTROL_WORDS, POSTERIOR } from './layout.ts';
import { lookAt } from './peek.ts';
import { drawBytesPerItem } from './plan.ts';
import { type Stretch, stretches } from './schedule.ts';
import { componentWords, settingsWords } from './settings.ts';
import { chainsPerWorkgroup, fitsPerWorkgroup, type KernelName } from './shaders.ts';
import type { ShearShape } from './shape.ts';
import { fetchItems, type Uploaded, uploadItems } from './transfer.ts';

const WORD = 4;
const NOTHING_UPLOADED: Uploaded = { stamps: new Float32Array(), faults: new Map() };

interface ShearFlight extends Flight {
  readonly gradients: number;
}

/** Compiles the kernels and takes the plan's memory. Throws the typed errors of `GpuContext`. */
export async function openGpuSession(
  gpu: GpuContext,
  problem: ShearProblem,
  plan: BufferPlan,
  shape: ShearShape,
  sizes: BatchSizes = defaultSizes,
): Promise<ShearGpuSession> {
  return gpu.allocateFor(plan, async (allocation) => {
    const kernels = await bindKernels(gpu, allocation, kernelBindings(problem.spec, shape, sizes));
    return new ShearGpuSession(gpu, problem, shape, sizes, allocation, kernels, plan.chunk);
  });
}

export class ShearGpuSession implements Session<PosteriorItem> {
  readonly #gpu: GpuContext;
  readonly #problem: ShearProblem;
  readonly #shape: ShearShape;
  readonly #sizes: BatchSizes;
  readonly #allocation: Allocation;
  readonly #kernels: Record<KernelName, BoundKernel>;
  readonly #chunk: number;
  readonly #submits: PacedSubmits<ShearFlight>;
  readonly #ring: ReadbackRing;
  readonly #walk: readonly Stretch[];
  readonly #pacers: Record<'fit' | 'hmc', Pacer>;
  #items: readonly number[] = [];
  /** Stretch in hand, units of it submitted. */
  #stretch = 0;
  #submitted = 0;
  #transitions = 0;
  #gradients = 0;
  /** Busy time of the chunks before. */
  #busyBefore = 0;
  #closed = false;
  /** Of the chunk in flight; what its fits leave over is looked at when they are collected. */
  #uploaded: Uploaded = NOTHING_UPLOADED;
  readonly #residuals: ResidualChecks;
  #failures: ItemFailure[] = [];

  constructor(
    gpu: GpuContext,
    problem: ShearProblem,
    shape: ShearShape,
    sizes: BatchSizes,
    allocation: Allocation,
    kernels: Record<KernelName, BoundKernel>,
    chunk: number,
  ) {
    this.#gpu = gpu;
    this.#problem = problem;
    this.#shape = shape;
    this.#sizes = sizes;
    this.#allocation = allocation;
    this.#kernels = kernels;
    this.#chunk = chunk;
    this.#submits = new PacedSubmits(gpu, allocation, sizes['gpu.submitsInFlight']);
    this.#ring = new ReadbackRing(gpu.device, allocation, 'peek');
    this.#walk = stretches(problem.spec);
    this.#residuals = new ResidualChecks(() => ({ ...problem.spec, ...problem.fixed(0) }));
    const perDispatch = shape.maxTransitionsPerDispatch;
    this.#pacers = {
      fit: new Pacer({
        maxUnits: Math.max(1, Math.min(FIT_EVALUATIONS, perDispatch * gradientsPerTransition(problem.spec))),
      }),
      hmc: new Pacer({ maxUnits: perDispatch }),
    };
    const { queue } = gpu.device;
    queue.writeBuffer(allocation.buffer('components'), 0, componentWords(problem.spec));
    queue.writeBuffer(allocation.buffer('settings'), 0, settingsWords(problem.spec));
  }

  async start(items: readonly number[]): Promise<void> {
    this.#assertOpen();
    if (items.length === 0 || items.length > this.#chunk) {
      throw new SessionStateError(`A chunk holds 1 to ${this.#chunk} items; ${items.length} were given.`);
    }
    this.#uploaded = uploadItems(this.#gpu.device.queue, this.#allocation, this.#problem, items);
    this.#submits.drop();
    this.#items = [...items];
    this.#stretch = 0;
    this.#submitted = 0;
    this.#transitions = 0;
    this.#gradients = 0;
    this.#busyBefore = this.#submits.busyMs;
    // Takes up what WebGPU may have to say of the uploads before anything builds on them.
    await this.#gpu.finished();
  }

  async advance(budgetMs: number, maxTransitions = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    this.#assertOpen();
    let allowed = maxTransitions;
    await this.#submits.advance(budgetMs, {
      more: () => !this.#complete && allowed > 0,
      next: () => {
        const stretch = this.#walk[this.#stretch];
        const flight = this.#submit(stretch, stretch.kernel === 'hmc' ? allowed : Number.POSITIVE_INFINITY);
        if (stretch.kernel === 'hmc') allowed -= flight.units;
        return flight;
      },
      landed: ({ gradients }) => {
        this.#gradients += gradients;
      },
    });
    return this.#progress();
  }

  async peek(item: number, chain: number): Promise<ShearPeek | undefined> {
    const row = this.#items.indexOf(item);
    const { chains } = this.#problem.spec.sampler;
    if (this.#closed || row < 0 || chain < 0 || chain >= chains || this.#stretch === 0) return undefined;
    return lookAt(
      {
        gpu: this.#gpu,
        allocation: this.#allocation,
        problem: this.#problem,
        kernel: this.#kernels.render,
        ring: this.#ring,
      },
      { item, row, chain },
    );
  }

  async collect(): Promise<PosteriorItem[]> {
    this.#assertOpen();
    if (!this.#complete)
      throw new SessionStateError('The chunk has not finished: call advance until it reports "done".');
    const { spec, parameters, items } = this.#problem;
    const { chains } = spec.sampler;
    const names = parameters.map(({ name }) => name);
    const lanePixels = Math.ceil((spec.nx * spec.ny) / this.#shape.threadsPerChain);
    const fetched = (name: string, bytesPerItem: number) =>
      fetchItems(this.#gpu.device, this.#allocation, name, bytesPerItem, this.#items.length);
    const posteriors = await fetched('posteriors', POSTERIOR.words * WORD);
    const chainRecords = await fetched('chains', chains * CHAIN.words * WORD);
    const draws = await fetched('draws', drawBytesPerItem(spec));
    // Copies that WebGPU objected to leave what was in the staging buffer before.
    this.#gpu.throwFault();
    const sound: PosteriorItem[] = [];
    this.#failures = [];
    this.#items.forEach((index, row) => {
      const records = { posterior: posteriors[row], chains: chainRecords[row], draws: new Float32Array(draws[row]) };
      checkWork(spec, items[index], records, lanePixels);
      const item = posteriorItem(spec, names, items[index], records);
      const error = this.#uploaded.faults.get(index) ?? resultFault(item);
      if (error) this.#failures.push({ index, error });
      else sound.push(this.#withResiduals(item, row, new Float32Array(posteriors[row])));
    });
    return sound;
  }

  #withResiduals(item: PosteriorItem, row: number, posterior: Float32Array): PosteriorItem {
    const { spec, fixed } = this.#problem;
    const pixels = spec.nx * spec.ny;
    const stamp = this.#uploaded.stamps.subarray(row * pixels, (row + 1) * pixels);
    const ownSpec = { ...spec, ...fixed(item.info.index) };
    const residuals = this.#residuals.of(ownSpec, modeOf(spec, posterior), stamp);
    return residuals ? { ...item, fit: { ...item.fit, residuals } } : item;
  }

  failures(): readonly ItemFailure[] {
    return this.#failures;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#items = [];
    this.#uploaded = NOTHING_UPLOADED;
    this.#submits.destroy();
    this.#allocation.destroy();
  }

  get #complete(): boolean {
    return this.#stretch >= this.#walk.length;
  }

  #assertOpen(): void {
    if (this.#closed) throw new SessionStateError('This session is closed; open a new one.');
  }

  /** Encodes and submits the next piece of a stretch, and what follows it when it is complete. */
  #submit(stretch: Stretch, allowed: number): ShearFlight {
    const { device } = this.#gpu;
    const { spec } = this.#problem;
    const pacer = this.#pacers[stretch.kernel];
    const units = pacer.next(Math.min(stretch.units - this.#submitted, allowed));
    const control = new Uint32Array(CONTROL_WORDS);
    const { sampler } = spec;
    control.set([
      this.#items.length,
      units,
      stretch.phase === 'warmup' ? 1 : 0,
      sampler.warmup,
      sampler.draws,
      sampler.steps,
      sampler.attempt,
    ]);
    device.queue.writeBuffer(this.#allocation.buffer('control'), 0, control);
    let gradients = this.#items.length * units;
    if (stretch.kernel === 'hmc') gradients *= sampler.chains * gradientsPerTransition(spec);
    const flight = this.#submits.submit(pacer, units, (pass) => {
      this.#dispatch(pass, stretch.kernel);
      this.#submitted += units;
      if (this.#submitted < stretch.units) return;
      for (const name of stretch.after) this.#dispatch(pass, name);
      if (stretch.after.includes('start')) gradients += this.#items.length * sampler.chains;
      this.#stretch++;
      this.#submitted = 0;
    });
    if (stretch.kernel === 'hmc') this.#transitions += units;
    return { ...flight, gradients };
  }

  #dispatch(pass: GPUComputePassEncoder, name: KernelName): void {
    const { spec } = this.#problem;
    const count = this.#items.length;
    let groups: number;
    if (name === 'fit') groups = Math.ceil(count / fitsPerWorkgroup(spec, this.#shape, this.#sizes));
    else if (name === 'metric') groups = Math.ceil(count / this.#sizes['shear.metricThreads']);
    else groups = Math.ceil((count * spec.sampler.chains) / chainsPerWorkgroup(spec, this.#shape));
    this.#kernels[name].dispatch(pass, ...gridOf(groups, this.#gpu.device));
  }

  #progress(): ChunkProgress {
    const { warmup, draws } = this.#problem.spec.sampler;
    return {
      phase: this.#complete ? 'done' : this.#walk[this.#stretch].phase,
      steps: this.#transitions,
      stepsTotal: warmup + draws,
      work: this.#gradients,
      busyMs: this.#submits.busyMs - this.#busyBefore,
      clock: this.#submits.clock,
    };
  }
}
