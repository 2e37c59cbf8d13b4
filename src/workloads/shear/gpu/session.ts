/** A chunk of shear posteriors on the GPU: fit, warm-up and sampling in lock-step, in submits of 30–60 ms. */

import { type BatchSizes, defaultSizes } from '../../../batch/sizes.ts';
import type { Allocation } from '../../../gpu/allocation.ts';
import { type ClockSource, type Duration, GpuClock } from '../../../gpu/clock.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { Pacer } from '../../../gpu/pacer.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { ReadbackRing } from '../../../gpu/readback.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { type ChunkProgress, type ItemFailure, type Peek, type Session, SessionStateError } from '../../workload.ts';
import { FIT_EVALUATIONS, gradientsPerTransition } from '../model-spec.ts';
import type { ShearProblem } from '../problem.ts';
import { type NotFiniteError, resultFault } from '../soundness.ts';
import { type BoundKernel, bindKernels } from './buffers.ts';
import { checkWork, posteriorItem } from './collect.ts';
import { CHAIN, CONTROL_WORDS, POSTERIOR } from './layout.ts';
import { lookAt } from './peek.ts';
import { drawBytesPerItem } from './plan.ts';
import { type Stretch, stretches } from './schedule.ts';
import { componentWords, settingsWords } from './settings.ts';
import { chainsPerWorkgroup, fitsPerWorkgroup, type KernelName } from './shaders.ts';
import type { ShearShape } from './shape.ts';
import { fetchItems, uploadItems } from './transfer.ts';

const WORD = 4;

interface Flight {
  readonly done: Promise<Duration>;
  readonly units: number;
  readonly pacer: Pacer;
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
  const allocation = await gpu.allocate(plan);
  try {
    const kernels = await bindKernels(gpu, allocation, problem.spec, shape, sizes);
    return new ShearGpuSession(gpu, problem, shape, sizes, allocation, kernels, plan.chunk);
  } catch (error) {
    allocation.destroy();
    throw error;
  }
}

export class ShearGpuSession implements Session<PosteriorItem> {
  readonly #gpu: GpuContext;
  readonly #problem: ShearProblem;
  readonly #shape: ShearShape;
  readonly #sizes: BatchSizes;
  readonly #allocation: Allocation;
  readonly #kernels: Record<KernelName, BoundKernel>;
  readonly #chunk: number;
  readonly #clock: GpuClock;
  readonly #ring: ReadbackRing;
  readonly #walk: readonly Stretch[];
  readonly #pacers: Record<'fit' | 'hmc', Pacer>;
  /** Submits under way. One stays so between two calls of `advance`: the device need not wait for the next. */
  readonly #flights: Flight[] = [];
  #items: readonly number[] = [];
  /** Stretch in hand, units of it submitted. */
  #stretch = 0;
  #submitted = 0;
  #transitions = 0;
  #gradients = 0;
  #busyMs = 0;
  #source: ClockSource;
  #closed = false;
  #dataFaults: ReadonlyMap<number, NotFiniteError> = new Map();
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
    this.#clock = new GpuClock(gpu, allocation);
    this.#source = this.#clock.source;
    this.#ring = new ReadbackRing(gpu.device, allocation, 'peek');
    this.#walk = stretches(problem.spec);
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
    this.#dataFaults = uploadItems(this.#gpu.device.queue, this.#allocation, this.#problem, items);
    this.#flights.length = 0;
    this.#items = [...items];
    this.#stretch = 0;
    this.#submitted = 0;
    this.#transitions = 0;
    this.#gradients = 0;
    this.#busyMs = 0;
    // Takes up what WebGPU may have to say of the uploads before anything builds on them.
    await this.#gpu.finished();
  }

  async advance(budgetMs: number, maxTransitions = Number.POSITIVE_INFINITY): Promise<ChunkProgress> {
    this.#assertOpen();
    const begin = performance.now();
    const flights = this.#flights;
    let allowed = maxTransitions;
    for (;;) {
      while (flights.length < this.#sizes['gpu.submitsInFlight'] && !this.#complete && allowed > 0) {
        const stretch = this.#walk[this.#stretch];
        const flight = this.#submit(stretch, stretch.kernel === 'hmc' ? allowed : Number.POSITIVE_INFINITY);
        if (stretch.kernel === 'hmc') allowed -= flight.units;
        flights.push(flight);
        // Until a rate is known nothing may be queued behind the calibration.
        if (flight.pacer.msPerUnit === undefined) break;
      }
      const flight = flights.shift();
      if (!flight) break;
      await this.#land(flight);
      const more = !this.#complete && allowed > 0;
      if (more && performance.now() - begin >= budgetMs) break;
    }
    this.#gpu.throwFault();
    return this.#progress();
  }

  async peek(item: number, chain: number): Promise<Peek | undefined> {
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
      const error = this.#dataFaults.get(index) ?? resultFault(item);
      if (error) this.#failures.push({ index, error });
      else sound.push(item);
    });
    return sound;
  }

  failures(): readonly ItemFailure[] {
    return this.#failures;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#flights.length = 0;
    this.#items = [];
    this.#clock.destroy();
    this.#allocation.destroy();
  }

  get #complete(): boolean {
    return this.#stretch >= this.#walk.length;
  }

  #assertOpen(): void {
    if (this.#closed) throw new SessionStateError('This session is closed; open a new one.');
  }

  /** Encodes and submits the next piece of a stretch, and what follows it when it is complete. */
  #submit(stretch: Stretch, allowed: number): Flight {
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
    const timing = this.#clock.begin();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass(timing.pass);
    this.#dispatch(pass, stretch.kernel);
    this.#submitted += units;
    let gradients = this.#items.length * units;
    if (stretch.kernel === 'hmc') gradients *= sampler.chains * gradientsPerTransition(spec);
    if (this.#submitted === stretch.units) {
      for (const name of stretch.after) this.#dispatch(pass, name);
      if (stretch.after.includes('start')) gradients += this.#items.length * sampler.chains;
      this.#stretch++;
      this.#submitted = 0;
    }
    pass.end();
    timing.resolve(encoder);
    device.queue.submit([encoder.finish()]);
    if (stretch.kernel === 'hmc') this.#transitions += units;
    const done = timing.done();
    // Whoever lands it hears of a lost device; a flight that nobody waits for any more must not end the process.
    done.catch(() => undefined);
    return { done, units, pacer, gradients };
  }

  async #land(flight: Flight): Promise<void> {
    const { ms, source } = await flight.done;
    flight.pacer.record(flight.units, ms);
    this.#busyMs += ms;
    this.#source = source;
    this.#gradients += flight.gradients;
  }

  #dispatch(pass: GPUComputePassEncoder, name: KernelName): void {
    const { spec } = this.#problem;
    const count = this.#items.length;
    let groups: number;
    if (name === 'fit') groups = Math.ceil(count / fitsPerWorkgroup(spec, this.#shape, this.#sizes));
    else if (name === 'metric') groups = Math.ceil(count / this.#sizes['shear.metricThreads']);
    else groups = Math.ceil((count * spec.sampler.chains) / chainsPerWorkgroup(spec, this.#shape));
    const { kernel, bindGroup } = this.#kernels[name];
    pass.setPipeline(kernel.pipeline);
    pass.setBindGroup(0, bindGroup);
    // Beyond the limit of one dimension the grid goes on in the second; kernels count groups row by row.
    const width = Math.min(groups, this.#gpu.device.limits.maxComputeWorkgroupsPerDimension);
    pass.dispatchWorkgroups(width, Math.ceil(groups / width));
  }

  #progress(): ChunkProgress {
    const { warmup, draws } = this.#problem.spec.sampler;
    return {
      phase: this.#complete ? 'done' : this.#walk[this.#stretch].phase,
      transitions: this.#transitions,
      transitionsTotal: warmup + draws,
      gradients: this.#gradients,
      busyMs: this.#busyMs,
      clock: this.#source,
    };
  }
}
