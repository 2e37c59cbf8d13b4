/** Trains a velocity network on the device, simulations included: many steps a submit, paced, with the loss read back now and then. */
import type { Allocation } from '../../../gpu/allocation.ts';
import { GpuClock } from '../../../gpu/clock.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { Kernel } from '../../../gpu/kernel.ts';
import { Pacer } from '../../../gpu/pacer.ts';
import { readBuffer } from '../../../gpu/readback.ts';
import { mlpLayout } from '../../../nn/mlp.ts';
import { gradientGroups, tileSamples } from '../../../nn/mlp-kernel.ts';
import { planTraining, STATE_BYTES } from './plan.ts';
import type { TrainingSetup } from './setup.ts';
import { type TrainingKernel, trainingShaders } from './shaders.ts';
import { initialState, type TrainerState } from './state.ts';

/** @binding numbers of the training kernels. */
const BINDINGS: Readonly<Record<string, number>> = {
  hidden: 0,
  small: 1,
  losses: 2,
  scaling: 3,
  trace: 4,
  gradient: 5,
  parts: 6,
  optimiser: 7,
  state: 8,
  hyper: 9,
  history: 10,
  keys: 11,
  table: 12,
};

const USES: Readonly<Record<TrainingKernel, readonly string[]>> = {
  tile: ['hidden', 'small', 'losses', 'scaling', 'trace', 'state', 'keys', 'table'],
  gradient: ['trace', 'gradient'],
  norm: ['gradient', 'parts'],
  update: ['hidden', 'small', 'gradient', 'parts', 'optimiser', 'state', 'hyper'],
  halves: ['hidden', 'optimiser'],
  next: ['losses', 'parts', 'state', 'history'],
};

export interface TrainingProgress {
  readonly step: number;
  /** Steps left out because their gradient was not finite (half precision). */
  readonly skipped: number;
  /** Mean loss of each step since the last call, oldest first. */
  readonly losses: Float32Array;
  readonly lossScale: number;
}

/** Weights in the order of `mlpLayout`. */
export interface TrainedWeights {
  readonly last: Float32Array<ArrayBuffer>;
  /** The moving average: what is used. */
  readonly average: Float32Array<ArrayBuffer>;
}

interface Bound {
  readonly kernel: Kernel;
  readonly group: GPUBindGroup;
}

export class Trainer {
  readonly #gpu: GpuContext;
  readonly #setup: TrainingSetup;
  readonly #allocation: Allocation;
  readonly #kernels: Partial<Record<TrainingKernel, Bound>>;
  readonly #clock: GpuClock;
  readonly #pacer: Pacer;
  #step = 0;
  #read = 0;

  private constructor(
    gpu: GpuContext,
    setup: TrainingSetup,
    allocation: Allocation,
    kernels: Partial<Record<TrainingKernel, Bound>>,
  ) {
    this.#gpu = gpu;
    this.#setup = setup;
    this.#allocation = allocation;
    this.#kernels = kernels;
    this.#clock = new GpuClock(gpu, allocation);
    this.#pacer = new Pacer({ maxUnits: setup.sizes.lossHistory / 4 });
  }

  /**
   * Compiles, allocates, writes the starting weights, or what an earlier trainer of the same setup had come to.
   * Throws the typed errors of `GpuContext`.
   */
  static async open(gpu: GpuContext, setup: TrainingSetup, from?: TrainerState): Promise<Trainer> {
    if (setup.batch % tileSamples(setup.tile) !== 0)
      throw new RangeError(`a batch of ${setup.batch} is no multiple of the tile's ${tileSamples(setup.tile)} samples`);
    const allocation = await gpu.allocate(planTraining(setup));
    try {
      const half = setup.precision !== 'f32';
      const wanted = Object.entries(trainingShaders(setup)).filter(([name]) => half || name !== 'halves');
      const bound = await Promise.all(
        wanted.map(async ([name, spec]) => {
          const kernel = await gpu.kernel(spec);
          const uses = USES[name as TrainingKernel].filter(
            (buffer) => !(half && name === 'update' && buffer === 'hidden') && (buffer !== 'table' || setup.table),
          );
          const group = kernel.bindGroup(
            Object.fromEntries(uses.map((buffer) => [BINDINGS[buffer], allocation.buffer(buffer)])),
          );
          return [name, { kernel, group }] as const;
        }),
      );
      const trainer = new Trainer(gpu, setup, allocation, Object.fromEntries(bound));
      trainer.#begin(from ?? initialState(setup));
      await gpu.finished();
      return trainer;
    } catch (error) {
      allocation.destroy();
      throw error;
    }
  }

  get step(): number {
    return this.#step;
  }
  get done(): boolean {
    return this.#step >= this.#setup.optimiser.steps;
  }

  /** Goes back, or on, to a state of the same setup. What is under way is dropped; nothing may be. */
  async restore(state: TrainerState): Promise<void> {
    this.#begin(state);
    await this.#gpu.finished();
  }

  #begin(from: TrainerState): void {
    const { net, precision, scaling, optimiser, seed, table } = this.#setup;
    const weights = from.optimiser.subarray(0, from.optimiser.length / 4);
    const { hidden } = mlpLayout(net);
    const { queue } = this.#gpu.device;
    const write = (name: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>, at = 0) =>
      queue.writeBuffer(this.#allocation.buffer(name), at, data);
    if (precision === 'f32') {
      write('hidden', weights.slice(0, hidden));
      write('hidden', transposed(weights, net.width, net.depth), hidden * Float32Array.BYTES_PER_ELEMENT);
    }
    write('small', weights.slice(hidden));
    write('optimiser', from.optimiser);
    if (table) write('table', table);
    write('scaling', Float32Array.from(scaling.mean.flatMap((mean, i) => [mean, 1 / scaling.sd[i]])));
    const state = new DataView(new ArrayBuffer(STATE_BYTES));
    state.setUint32(0, from.step, true);
    state.setUint32(4, from.skipped, true);
    state.setFloat32(8, from.lossScale, true);
    state.setUint32(12, from.since, true);
    queue.writeBuffer(this.#allocation.buffer('state'), 0, state.buffer);
    const { rate, floor, warmup, steps, beta1, beta2, epsilon, decay, clip, average } = optimiser;
    write('hyper', new Float32Array([rate, floor, warmup, steps, beta1, beta2, epsilon, decay, clip, average, 0, 0]));
    write('keys', new Uint32Array([seed >>> 0, SIMULATION_KEY, seed >>> 0, TRAINING_KEY]));
    // Halves are rounded by the device from the first step on: adapters may round otherwise than the CPU.
    if (precision !== 'f32') this.#halve();
    this.#step = from.step;
    this.#read = from.step;
  }

  #halve(): void {
    const { net, sizes } = this.#setup;
    const { kernel, group } = this.#kernels.halves!;
    const encoder = this.#gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(kernel.pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(mlpLayout(net).hidden / 4 / sizes.updateThreads));
    pass.end();
    this.#gpu.device.queue.submit([encoder.finish()]);
  }

  /** Trains for about `budgetMs` or `most` steps. Resolves when that work has finished. */
  async advance(budgetMs: number, most = Number.POSITIVE_INFINITY): Promise<void> {
    const begin = performance.now();
    const until = Math.min(this.#setup.optimiser.steps, this.#step + most);
    const flights: { units: number; done: Promise<{ ms: number }> }[] = [];
    for (;;) {
      while (
        flights.length < this.#setup.sizes.submitsInFlight &&
        this.#step < until &&
        performance.now() - begin < budgetMs
      ) {
        const units = this.#pacer.next(until - this.#step);
        flights.push({ units, done: this.#submit(units) });
        if (this.#pacer.msPerUnit === undefined) break;
      }
      const flight = flights.shift();
      if (!flight) break;
      this.#pacer.record(flight.units, (await flight.done).ms);
    }
    this.#gpu.throwFault();
  }

  #submit(steps: number): Promise<{ ms: number }> {
    const { net, batch, tile, sizes, precision } = this.#setup;
    const { size, hidden } = mlpLayout(net);
    const { device } = this.#gpu;
    const timing = this.#clock.begin();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass(timing.pass);
    const dispatch = (name: TrainingKernel, x: number, y = 1, z = 1) => {
      const { kernel, group } = this.#kernels[name]!;
      pass.setPipeline(kernel.pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(x, y, z);
    };
    const gradients = gradientGroups(net, sizes.gradientEdge, sizes.gradientThreads);
    for (let i = 0; i < steps; i++) {
      dispatch('tile', batch / tileSamples(tile));
      dispatch('gradient', gradients);
      dispatch('norm', sizes.normParts);
      dispatch('update', Math.ceil(size / 4 / sizes.updateThreads));
      if (precision !== 'f32') dispatch('halves', Math.ceil(hidden / 4 / sizes.updateThreads));
      dispatch('next', 1);
    }
    pass.end();
    timing.resolve(encoder);
    device.queue.submit([encoder.finish()]);
    this.#step += steps;
    const done = timing.done();
    // Whoever lands it hears of a lost device; one that nobody waits for any more must not end the process.
    done.catch(() => undefined);
    return done;
  }

  /** Steps counted by the device itself, and the loss since the last call. */
  async progress(): Promise<TrainingProgress> {
    const { lossHistory } = this.#setup.sizes;
    const { step, skipped, lossScale } = await this.#counters();
    const history = new Float32Array(await this.#fetch('history', lossHistory * 4));
    const from = Math.max(this.#read, step - lossHistory);
    const losses = Float32Array.from({ length: step - from }, (_, i) => history[(from + i) % lossHistory]);
    this.#read = step;
    return { step, skipped, lossScale, losses };
  }

  /** All that the steps to come hang on: a trainer opened with it goes on to the same weights, bit for bit. */
  async state(): Promise<TrainerState> {
    const optimiser = new Float32Array(await this.#fetch('optimiser', 16 * mlpLayout(this.#setup.net).size));
    return { ...(await this.#counters()), optimiser };
  }

  async weights(): Promise<TrainedWeights> {
    const { size } = mlpLayout(this.#setup.net);
    const all = new Float32Array(await this.#fetch('optimiser', 16 * size));
    return { last: all.slice(0, size), average: all.slice(3 * size) };
  }

  /** Gradient of the last step, divided by the loss scale: for tests. */
  async gradient(): Promise<Float32Array> {
    return new Float32Array(await this.#fetch('gradient', 4 * mlpLayout(this.#setup.net).size));
  }

  /** As the device itself counted. */
  async #counters(): Promise<Omit<TrainerState, 'optimiser'>> {
    const words = new DataView(await this.#fetch('state', STATE_BYTES));
    const step = words.getUint32(0, true);
    if (step !== this.#step) throw new Error(`The device counted ${step} steps of ${this.#step}: some did not run.`);
    return {
      step,
      skipped: words.getUint32(4, true),
      lossScale: words.getFloat32(8, true),
      since: words.getUint32(12, true),
    };
  }

  async #fetch(name: string, bytes: number): Promise<ArrayBuffer> {
    const { device } = this.#gpu;
    const staging = this.#allocation.buffer('staging');
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.#allocation.buffer(name), 0, staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    return readBuffer(device, staging, bytes);
  }

  close(): void {
    this.#clock.destroy();
    this.#allocation.destroy();
  }
}

/** Second word of the keys: simulations and the rest of training have streams of their own. */
export const SIMULATION_KEY = 0x73696d; // "sim"
export const TRAINING_KEY = 0x747261; // "tra"

/** The hidden matrices of a network, each transposed. */
export function transposed(weights: ArrayLike<number>, width: number, depth: number): Float32Array<ArrayBuffer> {
  const square = width * width;
  return Float32Array.from({ length: (depth - 1) * square }, (_, i) => {
    const [matrix, row, column] = [Math.floor(i / square), Math.floor((i % square) / width), i % width];
    return weights[matrix * square + column * width + row];
  });
}
