/** Log density of the flow's posterior at given points, on the device: opened once, used for any number of points. */
import type { Allocation } from '../../../gpu/allocation.ts';
import { type BoundKernel, bindKernel, gridOf } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { Pacer } from '../../../gpu/pacer.ts';
import { fetchStaged } from '../../../gpu/readback.ts';
import { usableIterations } from '../../../gpu/report.ts';
import type { VelocityModel } from '../model.ts';
import {
  type DensitySizes,
  densityIterations,
  densityShader,
  directionBlocks,
  MAX_DENSITY_DIMENSION,
  planDensity,
  stateNumbers,
} from './log-density-plan.ts';
import { logDensityOf } from './log-density-twin.ts';
import { uploadNetwork } from './network-buffers.ts';

const BINDINGS = { 0: 'hidden', 1: 'small', 2: 'observations', 3: 'states', 12: 'control', 13: 'rows' };

export class FlowLogDensity {
  readonly #gpu: GpuContext;
  readonly #model: VelocityModel;
  readonly #sizes: DensitySizes;
  readonly #allocation: Allocation;
  readonly #kernel: BoundKernel;
  readonly #pacer: Pacer;

  private constructor(
    gpu: GpuContext,
    model: VelocityModel,
    sizes: DensitySizes,
    allocation: Allocation,
    kernel: BoundKernel,
  ) {
    this.#gpu = gpu;
    this.#model = model;
    this.#sizes = sizes;
    this.#allocation = allocation;
    this.#kernel = kernel;
    const most = usableIterations(gpu.report) / densityIterations(model, sizes);
    this.#pacer = new Pacer({ maxUnits: Math.min(sizes.steps, most) });
  }

  /**
   * Compiles and takes all memory. Throws the typed errors of `GpuContext`.
   * @throws RangeError for more dimensions than the exact trace is meant for.
   */
  static async open(gpu: GpuContext, model: VelocityModel, sizes: DensitySizes): Promise<FlowLogDensity> {
    const { id, thetaDimension } = model.task;
    if (thetaDimension > MAX_DENSITY_DIMENSION)
      throw new RangeError(
        `log densities are computed for up to ${MAX_DENSITY_DIMENSION} parameters; ${id} has ${thetaDimension}`,
      );
    return gpu.allocateFor(planDensity(model, sizes), async (allocation) => {
      const kernel = await bindKernel(gpu, allocation, { shader: densityShader(model, sizes), buffers: BINDINGS });
      uploadNetwork(gpu.device, allocation, model, sizes.precision);
      await gpu.finished();
      return new FlowLogDensity(gpu, model, sizes, allocation, kernel);
    });
  }

  /** Standardised observations [rows][x dimension] of the points to come. */
  setObservations(observations: Float32Array<ArrayBuffer>): void {
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer('observations'), 0, observations);
  }

  /**
   * log p(θ | x) of every point, in the units of the parameters; NaN or −∞ where the flow leads nowhere.
   * @param points [n][dimension] in the units of the parameters
   * @param rows of each point the row of its observation
   */
  async evaluate(points: ArrayLike<number>, rows: ArrayLike<number>): Promise<Float64Array<ArrayBuffer>> {
    const d = this.#model.task.thetaDimension;
    if (points.length !== rows.length * d)
      throw new RangeError(`${rows.length} points have ${rows.length * d} coordinates; ${points.length} were given`);
    const densities = new Float64Array(rows.length);
    for (let first = 0; first < rows.length; first += this.#sizes.points) {
      const count = Math.min(this.#sizes.points, rows.length - first);
      this.#place(points, rows, first, count);
      await this.#followBack(count);
      densities.set(await this.#read(count), first);
    }
    this.#gpu.throwFault();
    return densities;
  }

  /** Frees everything. Safe to call twice. */
  close(): void {
    this.#allocation.destroy();
  }

  #place(points: ArrayLike<number>, rows: ArrayLike<number>, first: number, count: number): void {
    const { task, scaling } = this.#model;
    const d = task.thetaDimension;
    const states = new Float32Array(count * stateNumbers(d));
    for (let at = 0; at < states.length; at += d + 1) {
      const point = first + Math.floor(at / stateNumbers(d));
      for (let i = 0; i < d; i++) states[at + i] = (points[point * d + i] - scaling.mean[i]) / scaling.sd[i];
    }
    const { queue } = this.#gpu.device;
    queue.writeBuffer(this.#allocation.buffer('states'), 0, states);
    const places = Uint32Array.from({ length: count }, (_, i) => rows[first + i]);
    queue.writeBuffer(this.#allocation.buffer('rows'), 0, places);
  }

  async #followBack(count: number): Promise<void> {
    const { device } = this.#gpu;
    const { steps, tile } = this.#sizes;
    const groups = count * directionBlocks(this.#model.task.thetaDimension);
    const grid = gridOf(Math.ceil(groups / tile.sampleGroups), device);
    for (let step = 0; step < steps; ) {
      const units = this.#pacer.next(steps - step);
      const control = Uint32Array.of(count, steps, step, step + units);
      device.queue.writeBuffer(this.#allocation.buffer('control'), 0, control);
      const begin = performance.now();
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      this.#kernel.dispatch(pass, ...grid);
      pass.end();
      device.queue.submit([encoder.finish()]);
      await this.#gpu.finished();
      this.#pacer.record(units, performance.now() - begin);
      step += units;
    }
  }

  async #read(count: number): Promise<Float64Array> {
    const d = this.#model.task.thetaDimension;
    const numbers = stateNumbers(d);
    const bytes = count * numbers * Float32Array.BYTES_PER_ELEMENT;
    const source = { buffer: this.#allocation.buffer('states'), offset: 0, bytes };
    const states = new Float32Array(await fetchStaged(this.#gpu.device, source, this.#allocation.buffer('staging')));
    return Float64Array.from({ length: count }, (_, point) => {
      const state = states.subarray(point * numbers, (point + 1) * numbers);
      let divergence = 0;
      for (let block = 0; block < directionBlocks(d); block++) divergence += state[block * (d + 1) + d];
      return logDensityOf(this.#model, { noise: Float64Array.from(state.subarray(0, d)), divergence });
    });
  }
}
