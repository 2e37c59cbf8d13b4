/** A compiled sampler: opened once for a network, a solver and a precision, used for any number of observations. */
import type { Allocation } from '../../../gpu/allocation.ts';
import { clockBuffers, GpuClock } from '../../../gpu/clock.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { Kernel } from '../../../gpu/kernel.ts';
import { Pacer } from '../../../gpu/pacer.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { readBuffer } from '../../../gpu/readback.ts';
import { toHalves } from '../../../nn/half.ts';
import { mlpLayout } from '../../../nn/mlp.ts';
import { mlpIterations, mlpShaderSpec, type NetPrecision, type TileShape } from '../../../nn/mlp-kernel.ts';
import type { VelocityModel } from '../model.ts';
import { evaluationsPerStep, type Solver } from './solvers.ts';

export interface SamplerOptions {
  readonly solver: Solver;
  readonly steps: number;
  readonly precision: NetPrecision;
  readonly tile: TileShape;
  /** Strength of the noise of the stochastic solvers. */
  readonly alpha: number;
  /** Sample groups (of four) that are in flight together. */
  readonly groups: number;
  /** Most observations of a call. */
  readonly rows: number;
  readonly submitsInFlight: number;
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

/** Kept free below the driver's bound on loop iterations. */
const ITERATION_MARGIN = 0.9;
const CONTROL_BYTES = 32;
const GROUP_BYTES = 16;

export function planSampler(model: VelocityModel, options: SamplerOptions): BufferPlan {
  const { size, hidden } = mlpLayout(model.net);
  const { thetaDimension: d, xDimension: c } = model.task;
  const { groups, rows, precision, submitsInFlight } = options;
  const bytes = precision === 'f32' ? 4 : 2;
  const fixed = { bytesPerItem: 0 } as const;
  const each = (bytesPerItem: number) => ({ bytesPerItem });
  return {
    chunk: groups,
    buffers: [
      {
        name: 'hidden',
        bytes: Math.max(4, hidden * bytes),
        role: 'storage',
        ...fixed,
        formula: `${hidden} weights × ${bytes} B`,
      },
      {
        name: 'small',
        bytes: 4 * (size - hidden),
        role: 'storage',
        ...fixed,
        formula: `${size - hidden} other weights × 4 B`,
      },
      {
        name: 'observations',
        bytes: 4 * rows * c,
        role: 'storage',
        ...fixed,
        formula: `${rows} observations × ${c} × 4 B`,
      },
      {
        name: 'positions',
        bytes: 16 * groups * d,
        role: 'storage',
        ...each(16 * d),
        formula: `groups × 4 samples × ${d} × 4 B`,
      },
      {
        name: 'groups',
        bytes: GROUP_BYTES * groups,
        role: 'storage',
        ...each(GROUP_BYTES),
        formula: `groups × ${GROUP_BYTES} B`,
      },
      { name: 'control', bytes: CONTROL_BYTES, role: 'uniform', ...fixed, formula: '8 words × 4 B' },
      {
        name: 'staging',
        bytes: 16 * groups * d,
        role: 'readback',
        ...each(16 * d),
        formula: `groups × 4 samples × ${d} × 4 B`,
      },
      ...clockBuffers(submitsInFlight),
    ],
  };
}

export class FlowSampler {
  readonly #gpu: GpuContext;
  readonly #model: VelocityModel;
  readonly #options: SamplerOptions;
  readonly #allocation: Allocation;
  readonly #kernel: Kernel;
  readonly #group: GPUBindGroup;
  readonly #clock: GpuClock;
  readonly #pacer: Pacer;
  #busyMs = 0;

  private constructor(
    gpu: GpuContext,
    model: VelocityModel,
    options: SamplerOptions,
    allocation: Allocation,
    kernel: Kernel,
  ) {
    this.#gpu = gpu;
    this.#model = model;
    this.#options = options;
    this.#allocation = allocation;
    this.#kernel = kernel;
    const names = { 0: 'hidden', 1: 'small', 2: 'observations', 3: 'positions', 12: 'control', 13: 'groups' };
    this.#group = kernel.bindGroup(
      Object.fromEntries(Object.entries(names).map(([binding, name]) => [binding, allocation.buffer(name)])),
    );
    this.#clock = new GpuClock(gpu, allocation);
    const evaluation = mlpIterations(model.net, options.tile) * evaluationsPerStep(options.solver);
    const bound = gpu.report.loopIterationLimit;
    this.#pacer = new Pacer({
      maxUnits: bound === null ? options.steps : Math.max(1, Math.floor((ITERATION_MARGIN * bound) / evaluation)),
    });
  }

  /** Compiles and takes all memory. Throws the typed errors of `GpuContext`. */
  static async open(gpu: GpuContext, model: VelocityModel, options: SamplerOptions): Promise<FlowSampler> {
    const { task, net, weights } = model;
    const base = mlpShaderSpec(net, options.tile, options.precision);
    const allocation = await gpu.allocate(planSampler(model, options));
    try {
      const kernel = await gpu.kernel({
        ...base,
        module: 'flow/sample',
        conditions: { ...base.conditions, [options.solver]: true },
        constants: { ...base.constants, D: `${task.thetaDimension}u`, C: `${task.xDimension}u` },
      });
      const { hidden } = mlpLayout(net);
      const { queue } = gpu.device;
      const matrices = weights.slice(0, hidden);
      if (hidden > 0)
        queue.writeBuffer(allocation.buffer('hidden'), 0, options.precision === 'f32' ? matrices : toHalves(matrices));
      queue.writeBuffer(allocation.buffer('small'), 0, weights.slice(hidden));
      await gpu.finished();
      return new FlowSampler(gpu, model, options, allocation, kernel);
    } catch (error) {
      allocation.destroy();
      throw error;
    }
  }

  /** Milliseconds the device was busy so far. */
  get busyMs(): number {
    return this.#busyMs;
  }

  /** Standardised observations [rows][x dimension] of the groups to come. */
  setObservations(observations: Float32Array<ArrayBuffer>): void {
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer('observations'), 0, observations);
  }

  /**
   * Samples of the given groups, at most `options.groups`: [group][4][dimension] in the units of the parameters.
   * @param seed first word of the key; the second is the group's stream
   */
  async sample(groups: readonly SampleGroup[], seed: number): Promise<Float32Array<ArrayBuffer>> {
    const { device } = this.#gpu;
    const { steps, tile, alpha, submitsInFlight } = this.#options;
    device.queue.writeBuffer(
      this.#allocation.buffer('groups'),
      0,
      Uint32Array.from(groups.flatMap(({ row, sample, stream }) => [row, sample, stream >>> 0, 0])),
    );
    const tiles = Math.ceil(groups.length / tile.sampleGroups);
    const width = Math.min(tiles, device.limits.maxComputeWorkgroupsPerDimension);
    const flights: { units: number; done: Promise<{ ms: number }> }[] = [];
    for (let step = 0; step < steps || flights.length > 0; ) {
      while (step < steps && flights.length < submitsInFlight) {
        const units = this.#pacer.next(steps - step);
        const control = new Uint32Array(CONTROL_BYTES / 4);
        control.set([groups.length, steps, step, step + units, seed]);
        new Float32Array(control.buffer)[5] = alpha;
        device.queue.writeBuffer(this.#allocation.buffer('control'), 0, control);
        const timing = this.#clock.begin();
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass(timing.pass);
        pass.setPipeline(this.#kernel.pipeline);
        pass.setBindGroup(0, this.#group);
        pass.dispatchWorkgroups(width, Math.ceil(tiles / width));
        pass.end();
        timing.resolve(encoder);
        device.queue.submit([encoder.finish()]);
        flights.push({ units, done: timing.done() });
        step += units;
        if (this.#pacer.msPerUnit === undefined) break;
      }
      const flight = flights.shift();
      if (!flight) break;
      const { ms } = await flight.done;
      this.#busyMs += ms;
      this.#pacer.record(flight.units, ms);
    }
    this.#gpu.throwFault();
    return this.#collect(groups.length);
  }

  async #collect(groups: number): Promise<Float32Array<ArrayBuffer>> {
    const { device } = this.#gpu;
    const { mean, sd } = this.#model.scaling;
    const d = this.#model.task.thetaDimension;
    const staging = this.#allocation.buffer('staging');
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.#allocation.buffer('positions'), 0, staging, 0, 16 * groups * d);
    device.queue.submit([encoder.finish()]);
    const found = new Float32Array(await readBuffer(device, staging, 16 * groups * d));
    const samples = new Float32Array(4 * groups * d);
    for (let group = 0; group < groups; group++)
      for (let c = 0; c < 4; c++)
        for (let i = 0; i < d; i++) samples[(4 * group + c) * d + i] = mean[i] + sd[i] * found[4 * (group * d + i) + c];
    return samples;
  }

  /** Frees everything. */
  close(): void {
    this.#clock.destroy();
    this.#allocation.destroy();
  }
}
