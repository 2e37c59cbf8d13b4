/** Trains a network on the device: many steps a submit, paced, with the loss read back now and then. */
import type { Allocation } from '../../gpu/allocation.ts';
import { type BoundKernel, bindKernels, gridOf } from '../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { PacedSubmits } from '../../gpu/paced-submits.ts';
import { Pacer } from '../../gpu/pacer.ts';
import { fetchStaged } from '../../gpu/readback.ts';
import { hyperWords } from '../optimiser/adamw.ts';
import { type OptimiserKernel, optimiserGroups } from '../optimiser/kernels.ts';
import { tableWords } from '../optimiser/tensor-table.ts';
import { type Counters, counterBytes, countersOf, firstState, type TrainerState } from './state.ts';
import { planTraining, type Training, trainingKernels } from './training.ts';

export interface TrainingProgress {
  readonly step: number;
  /** Steps left out because their gradient was not finite (half precision). */
  readonly skipped: number;
  /** Mean loss of each step since the last call, oldest first. */
  readonly losses: Float32Array;
  readonly lossScale: number;
}

/** Kernels behind those of the network, by the order in which they run. */
const ENDING: readonly OptimiserKernel[] = ['norm', 'update', 'next'];

export class Trainer {
  readonly #gpu: GpuContext;
  readonly #training: Training;
  readonly #allocation: Allocation;
  readonly #kernels: Readonly<Record<string, BoundKernel>>;
  readonly #submits: PacedSubmits;
  readonly #pacer: Pacer;
  /** Kernels of a step and their grids. */
  readonly #walk: readonly (readonly [BoundKernel, x: number, y: number])[];
  #step = 0;
  #read = 0;

  private constructor(
    gpu: GpuContext,
    training: Training,
    allocation: Allocation,
    kernels: Readonly<Record<string, BoundKernel>>,
  ) {
    this.#gpu = gpu;
    this.#training = training;
    this.#allocation = allocation;
    this.#kernels = kernels;
    this.#submits = new PacedSubmits(gpu, allocation, training.sizes.submitsInFlight);
    this.#pacer = new Pacer({ maxUnits: training.sizes.lossHistory / 4 });
    const groups = optimiserGroups(training);
    const begin = Object.entries(training.kernels).map(([name, { workgroups }]) => [name, workgroups] as const);
    const end = ENDING.map((name) => [name, groups[name]] as const);
    this.#walk = [...begin, ...end].map(([name, count]) => [kernels[name], ...gridOf(count, gpu.device)] as const);
  }

  /**
   * Compiles, allocates, writes the starting weights, or what an earlier trainer of the same training had come to.
   * Throws the typed errors of `GpuContext`.
   */
  static async open(gpu: GpuContext, training: Training, from?: TrainerState): Promise<Trainer> {
    return gpu.allocateFor(planTraining(training), async (allocation) => {
      const kernels = await bindKernels(gpu, allocation, trainingKernels(training));
      const trainer = new Trainer(gpu, training, allocation, kernels);
      trainer.#begin(from ?? firstState(training.weights(), training.scaled));
      await gpu.finished();
      return trainer;
    });
  }

  get step(): number {
    return this.#step;
  }
  get done(): boolean {
    return this.#step >= this.#training.hyper.steps;
  }

  /** Goes back, or on, to a state of the same training. What is under way is dropped; nothing may be. */
  async restore(state: TrainerState): Promise<void> {
    this.#begin(state);
    await this.#gpu.finished();
  }

  #begin(from: TrainerState): void {
    const { device } = this.#gpu;
    const { table, hyper, contents } = this.#training;
    const all = {
      optimiser: from.optimiser,
      tensors: tableWords(table),
      state: counterBytes(from),
      hyper: hyperWords(hyper),
      ...contents,
    };
    for (const [name, data] of Object.entries(all)) device.queue.writeBuffer(this.#allocation.buffer(name), 0, data);
    // The device makes the working copies from the first step on: it may round halves otherwise than the CPU.
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    this.#kernels.copies.dispatch(pass, ...gridOf(optimiserGroups(this.#training).copies, device));
    pass.end();
    device.queue.submit([encoder.finish()]);
    this.#step = from.step;
    this.#read = from.step;
  }

  /** Trains for about `budgetMs` or `most` steps. Resolves when that work has finished. */
  async advance(budgetMs: number, most = Number.POSITIVE_INFINITY): Promise<void> {
    const begin = performance.now();
    const until = Math.min(this.#training.hyper.steps, this.#step + most);
    await this.#submits.advance(Number.POSITIVE_INFINITY, {
      more: () => this.#step < until && performance.now() - begin < budgetMs,
      next: () => {
        const steps = this.#pacer.next(until - this.#step);
        this.#step += steps;
        return this.#submits.submit(this.#pacer, steps, (pass) => {
          for (let i = 0; i < steps; i++) for (const [kernel, x, y] of this.#walk) kernel.dispatch(pass, x, y);
        });
      },
    });
  }

  /** Steps counted by the device itself, and the loss since the last call. */
  async progress(): Promise<TrainingProgress> {
    const { lossHistory } = this.#training.sizes;
    const { step, skipped, lossScale } = await this.#counters();
    const history = await this.#fetch('history');
    const from = Math.max(this.#read, step - lossHistory);
    const losses = Float32Array.from({ length: step - from }, (_, i) => history[(from + i) % lossHistory]);
    this.#read = step;
    return { step, skipped, lossScale, losses };
  }

  /** All that the steps to come hang on: a trainer opened with it goes on to the same weights, bit for bit. */
  async state(): Promise<TrainerState> {
    const optimiser = await this.#fetch('optimiser');
    return { ...(await this.#counters()), optimiser };
  }

  /** Gradient of the last step, times the loss scale: for tests. */
  gradient(): Promise<Float32Array> {
    return this.#fetch('gradient');
  }

  /** As the device itself counted. */
  async #counters(): Promise<Counters> {
    const counters = countersOf((await this.#fetch('state')).buffer);
    if (counters.step !== this.#step)
      throw new Error(`The device counted ${counters.step} steps of ${this.#step}: some did not run.`);
    return counters;
  }

  /** A whole buffer. */
  async #fetch(name: string): Promise<Float32Array<ArrayBuffer>> {
    const buffer = this.#allocation.buffer(name);
    const source = { buffer, offset: 0, bytes: buffer.size };
    return new Float32Array(await fetchStaged(this.#gpu.device, source, this.#allocation.buffer('staging')));
  }

  close(): void {
    this.#submits.destroy();
    this.#allocation.destroy();
  }
}
