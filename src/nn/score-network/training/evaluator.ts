/** Cross-entropies of given rows under a score network, on the device: what a held-out likelihood and imputation are made of. */
import type { Allocation } from '../../../gpu/allocation.ts';
import { type BoundKernel, bindKernels, gridOf } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import type { Precision } from '../../../gpu/precision.ts';
import { fetchStaged } from '../../../gpu/readback.ts';
import { workingCopies } from '../../optimiser/tensor-table.ts';
import type { TensorSizes } from '../../tensor/kernels.ts';
import { askedWords } from '../../tensor/loss-kernels.ts';
import type { ScoreNetworkSpec } from '../spec.ts';
import type { ScoreBatch } from '../twin-backward.ts';
import { batchBuffers, forwardPass, lossPass } from './forward.ts';
import { Pass } from './pass.ts';

const WORD = 4;

export interface ScoreEvaluation {
  /** Σ of weight times cross-entropy of each cell. */
  readonly losses: Float32Array;
  /** Likeliest bin of each row; what it is where the weight is 0 means nothing. */
  readonly best: Uint32Array;
}

function passOf(spec: ScoreNetworkSpec, precision: Precision, cells: number, sizes: TensorSizes): Pass {
  const pass = new Pass({ spec, precision, cells, sizes, kept: false });
  batchBuffers(pass);
  forwardPass(pass, false);
  lossPass(pass, 'best');
  return pass;
}

function planOf(pass: Pass): BufferPlan {
  const { table } = pass.network;
  const { cells } = pass.shape;
  const read = WORD * Math.max(cells, pass.rows);
  const fixed = { role: 'storage', bytesPerItem: 0 } as const;
  return {
    chunk: cells,
    buffers: [
      { ...fixed, name: 'working', bytes: table.workingBytes, formula: table.workingFormula },
      { ...fixed, name: 'losses', bytes: WORD * cells, bytesPerItem: WORD, formula: 'batch × 4 B' },
      ...pass.buffers(),
      { name: 'staging', bytes: read, role: 'readback', bytesPerItem: 0, formula: 'rows of a batch × 4 B' },
    ],
  };
}

export class ScoreEvaluator {
  readonly #gpu: GpuContext;
  readonly #pass: Pass;
  readonly #allocation: Allocation;
  readonly #walk: readonly (readonly [BoundKernel, x: number, y: number])[];

  private constructor(gpu: GpuContext, pass: Pass, allocation: Allocation, kernels: Record<string, BoundKernel>) {
    this.#gpu = gpu;
    this.#pass = pass;
    this.#allocation = allocation;
    this.#walk = Object.entries(pass.kernels).map(
      ([name, { workgroups }]) => [kernels[name], ...gridOf(workgroups, gpu.device)] as const,
    );
  }

  /** The memory that it takes. */
  static plan(spec: ScoreNetworkSpec, precision: Precision, cells: number, sizes: TensorSizes): BufferPlan {
    return planOf(passOf(spec, precision, cells, sizes));
  }

  /** @param cells the most of one call. Throws the typed errors of `GpuContext` */
  static async open(
    gpu: GpuContext,
    spec: ScoreNetworkSpec,
    precision: Precision,
    cells: number,
    sizes: TensorSizes,
  ): Promise<ScoreEvaluator> {
    const pass = passOf(spec, precision, cells, sizes);
    return gpu.allocateFor(planOf(pass), async (allocation) => {
      const kernels = await bindKernels(gpu, allocation, pass.kernels);
      for (const [name, data] of Object.entries(pass.contents))
        gpu.device.queue.writeBuffer(allocation.buffer(name), 0, data);
      await gpu.finished();
      return new ScoreEvaluator(gpu, pass, allocation, kernels);
    });
  }

  get cells(): number {
    return this.#pass.shape.cells;
  }

  /** The flat vector to evaluate with from now on. */
  use(weights: Float32Array): void {
    const bytes = workingCopies(this.#pass.network.table, weights);
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer('working'), 0, bytes);
  }

  /** Evaluates at most `cells` cells. Throws `DeviceLostError` and what WebGPU objected to. */
  async evaluate(batch: ScoreBatch): Promise<ScoreEvaluation> {
    const { device } = this.#gpu;
    const { genes } = this.#pass.shape;
    // Rows that are not given keep weight 0: their token 0 and label 0 are there, and nothing is asked of them.
    const rows = this.#pass.rows;
    const put = (name: string, values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) =>
      device.queue.writeBuffer(this.#allocation.buffer(name), 0, values);
    const filled = (values: ArrayLike<number>, length: number) => {
      const all = new Uint32Array(length);
      all.set(values);
      return all;
    };
    put('tokens', filled(batch.tokens, rows));
    const asked = new Uint32Array(2 * rows);
    asked.set(askedWords(batch.targets, batch.weights));
    put('asked', asked);
    for (const { kind } of this.#pass.walk.conditions) {
      const name = kind === 'time' ? 'sigma' : kind;
      const given = batch[name];
      if (!given) throw new RangeError(`the network needs the ${kind} of each cell`);
      put(name, name === 'sigma' ? Float32Array.from(given) : filled(given, this.cells));
    }
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const [kernel, x, y] of this.#walk) kernel.dispatch(pass, x, y);
    pass.end();
    device.queue.submit([encoder.finish()]);
    const losses = new Float32Array(await this.#fetch('losses', batch.cells));
    const best = new Uint32Array(await this.#fetch('best', batch.cells * genes));
    this.#gpu.throwFault();
    return { losses, best };
  }

  #fetch(name: string, words: number): Promise<ArrayBuffer> {
    const source = { buffer: this.#allocation.buffer(name), offset: 0, bytes: WORD * words };
    return fetchStaged(this.#gpu.device, source, this.#allocation.buffer('staging'));
  }

  close(): void {
    this.#allocation.destroy();
  }
}
