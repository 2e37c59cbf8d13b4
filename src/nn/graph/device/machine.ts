/** Computes a graph in f32 on a device. */
import type { GpuContext } from '../../../gpu/context.ts';
import type { Graph } from '../graph.ts';
import type {
  BackwardOptions,
  Direction,
  Machine,
  MachineOptions,
  Machines,
  Moments,
  MomentsRequest,
  Reals,
  RowBatch,
} from '../machine.ts';
import type { AdjointWalk } from './adjoints.ts';
import { goBack } from './backward.ts';
import { Layout, THETA } from './layout.ts';
import { MomentSums } from './moments.ts';
import { planLayout } from './plan.ts';
import { writeTurns } from './rotary.ts';
import { Rows } from './rows.ts';
import { Runtime } from './runtime.ts';
import type { MachineSizes } from './sizes.ts';
import { headStatistics, lens, patterns } from './statistics.ts';
import { goAlong, goBackAlong } from './tangent-pass.ts';
import { Vectors } from './vectors.ts';

/** Machines of one device. */
export function deviceMachines(gpu: GpuContext, sizes: MachineSizes): Machines {
  return { arithmetic: 'f32', open: (options, theta) => openDeviceMachine(gpu, options, theta, sizes) };
}

/**
 * Allocates and uploads θ; kernels are compiled as they are needed.
 * @param theta in the graph's order @throws RangeError for another number of parameters, and what allocation throws
 */
export async function openDeviceMachine(
  gpu: GpuContext,
  options: MachineOptions,
  theta: ArrayLike<number>,
  sizes: MachineSizes,
): Promise<Machine> {
  const layout = new Layout(options, sizes);
  return gpu.allocateFor(planLayout(layout), async (allocation) => {
    const runtime = new Runtime(gpu, allocation, layout);
    const vectors = new Vectors(runtime);
    vectors.write(THETA, theta);
    writeTurns(runtime);
    await gpu.finished();
    return new DeviceMachine(runtime, vectors);
  });
}

class DeviceMachine implements Machine {
  readonly arithmetic = 'f32';
  readonly #runtime: Runtime;
  readonly #vectors: Vectors;
  readonly #rows: Rows;
  readonly #moments: MomentSums;
  #walk: AdjointWalk | undefined;

  constructor(runtime: Runtime, vectors: Vectors) {
    this.#runtime = runtime;
    this.#vectors = vectors;
    this.#rows = new Rows(runtime);
    this.#moments = new MomentSums(this.#rows);
  }

  get graph(): Graph {
    return this.options.graph;
  }
  get options(): MachineOptions {
    return this.#runtime.layout.options;
  }

  forward(batch: RowBatch): Promise<void> {
    this.#walk = undefined;
    return this.#rows.forward(batch);
  }

  async backward(options: BackwardOptions): Promise<void> {
    this.#walk = await goBack(this.#rows, options);
  }

  tangent(direction: Direction): Promise<void> {
    return goAlong(this.#rows, direction);
  }

  async tangentBackward(options: BackwardOptions): Promise<void> {
    this.#walk = await goBackAlong(this.#rows, options);
  }

  async read(what: 'value' | 'adjoint' | 'tangent', value: string): Promise<readonly Reals[]> {
    const { layout } = this.#runtime;
    const stride = layout.stride(value);
    const width = this.graph.widths[value];
    if (what === 'adjoint') {
      if (!this.#walk) throw new RangeError('there are no adjoints: go back first');
      const owner = this.#walk.owners.get(value);
      if (owner !== undefined) return this.#runtime.fetchRows(layout.adjoint(owner), stride, width);
      const { starts, rows } = this.#runtime.flight;
      return Array.from({ length: rows }, (_, row) => new Float32Array((starts[row + 1] - starts[row]) * width));
    }
    if (what === 'value' && value === this.graph.output) await this.#rows.output();
    return this.#runtime.fetchRows(what === 'value' ? layout.value(value) : layout.tangent(value), stride, width);
  }

  losses(): Promise<readonly Reals[]> {
    return this.#rows.losses();
  }

  patterns(block: number): Promise<readonly Reals[]> {
    return patterns(this.#rows, block);
  }
  headStatistics(block: number): Promise<readonly Reals[]> {
    return headStatistics(this.#rows, block);
  }
  lens(value: string): Promise<readonly Reals[]> {
    return lens(this.#rows, value);
  }
  addMoments(request: MomentsRequest): Promise<void> {
    return this.#moments.add(request);
  }
  takeMoments(name: string): Promise<Moments> {
    return this.#moments.take(name);
  }

  async write(vector: string, numbers: ArrayLike<number>): Promise<void> {
    await this.#rows.settle(vector);
    this.#vectors.write(vector, numbers);
  }
  readVector(vector: string): Promise<Reals> {
    return this.#vectors.read(vector);
  }
  async combine(target: string, terms: readonly (readonly [factor: number, vector: string])[]): Promise<void> {
    await this.#rows.settle(target);
    await this.#vectors.combine(target, terms);
  }
  dots(a: string, b: string): Promise<Float64Array> {
    return this.#vectors.dots(a, b);
  }

  close(): void {
    this.#runtime.close();
  }
}
