/** Cross-entropies of given texts under a decoder that is trained, on the device: what a held-out loss is made of. */
import type { Allocation } from '../../../gpu/allocation.ts';
import { type BoundKernel, bindKernels, gridOf } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { BufferPlan } from '../../../gpu/plan.ts';
import { fetchStaged } from '../../../gpu/readback.ts';
import { workingCopies } from '../../optimiser/tensor-table.ts';
import type { TensorSizes } from '../../tensor/kernels.ts';
import { askedWords } from '../../tensor/loss-kernels.ts';
import type { DecoderSpec } from '../spec.ts';
import { batchBuffers, forwardPass, lossPass } from './forward.ts';
import { DecoderPass } from './pass.ts';

const WORD = 4;

export interface EvaluatorShape {
  readonly spec: DecoderSpec;
  /** Texts at once, and tokens of one at most. */
  readonly texts: number;
  readonly length: number;
}

function passOf({ spec, texts, length }: EvaluatorShape, sizes: TensorSizes): DecoderPass {
  const pass = new DecoderPass({ spec, batch: texts, length, sizes, kept: false });
  batchBuffers(pass);
  forwardPass(pass, false);
  lossPass(pass, false);
  return pass;
}

function planOf(pass: DecoderPass): BufferPlan {
  const { table } = pass.decoder;
  const { samples } = pass;
  const fixed = { role: 'storage', bytesPerItem: 0 } as const;
  return {
    chunk: samples,
    buffers: [
      { ...fixed, name: 'working', bytes: table.workingBytes, formula: table.workingFormula },
      { ...fixed, name: 'losses', bytes: WORD * samples, bytesPerItem: WORD, formula: 'texts × 4 B' },
      ...pass.buffers(),
      { name: 'staging', bytes: WORD * samples, role: 'readback', bytesPerItem: WORD, formula: 'texts × 4 B' },
    ],
  };
}

export class DecoderEvaluator {
  readonly #gpu: GpuContext;
  readonly #pass: DecoderPass;
  readonly #allocation: Allocation;
  readonly #walk: readonly (readonly [BoundKernel, x: number, y: number])[];

  private constructor(
    gpu: GpuContext,
    pass: DecoderPass,
    allocation: Allocation,
    kernels: Record<string, BoundKernel>,
  ) {
    this.#gpu = gpu;
    this.#pass = pass;
    this.#allocation = allocation;
    this.#walk = Object.entries(pass.kernels).map(
      ([name, { workgroups }]) => [kernels[name], ...gridOf(workgroups, gpu.device)] as const,
    );
  }

  /** The memory that it takes. */
  static plan(shape: EvaluatorShape, sizes: TensorSizes): BufferPlan {
    return planOf(passOf(shape, sizes));
  }

  /** Throws the typed errors of `GpuContext`. */
  static async open(gpu: GpuContext, shape: EvaluatorShape, sizes: TensorSizes): Promise<DecoderEvaluator> {
    const pass = passOf(shape, sizes);
    return gpu.allocateFor(planOf(pass), async (allocation) => {
      const kernels = await bindKernels(gpu, allocation, pass.kernels);
      for (const [name, data] of Object.entries(pass.contents))
        gpu.device.queue.writeBuffer(allocation.buffer(name), 0, data);
      await gpu.finished();
      return new DecoderEvaluator(gpu, pass, allocation, kernels);
    });
  }

  /** The flat vector to evaluate with from now on. */
  use(weights: Float32Array): void {
    const bytes = workingCopies(this.#pass.decoder.table, weights);
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer('working'), 0, bytes);
  }

  /**
   * −log p of each text's ids from the second on, nats, in the order of the texts; of the first `length + 1` ids of a longer one.
   * Throws `DeviceLostError` and what WebGPU objected to.
   */
  async nats(texts: readonly ArrayLike<number>[]): Promise<Float64Array> {
    const nats = new Float64Array(texts.length);
    const { samples } = this.#pass;
    for (let from = 0; from < texts.length; from += samples)
      nats.set(await this.#some(texts.slice(from, from + samples)), from);
    return nats;
  }

  async #some(texts: readonly ArrayLike<number>[]): Promise<Float32Array> {
    const { rows, length } = this.#pass;
    const { device } = this.#gpu;
    // Rows behind a text keep weight 0: causal attention lets nothing of them be seen.
    const tokens = new Uint32Array(rows);
    const targets = new Uint32Array(rows);
    const weights = new Float32Array(rows);
    texts.forEach((ids, text) => {
      for (let i = 0; i + 1 < ids.length && i < length; i++) {
        const row = text * length + i;
        tokens[row] = ids[i];
        targets[row] = ids[i + 1];
        weights[row] = 1;
      }
    });
    device.queue.writeBuffer(this.#allocation.buffer('tokens'), 0, tokens);
    device.queue.writeBuffer(this.#allocation.buffer('asked'), 0, askedWords(targets, weights));
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const [kernel, x, y] of this.#walk) kernel.dispatch(pass, x, y);
    pass.end();
    device.queue.submit([encoder.finish()]);
    const source = { buffer: this.#allocation.buffer('losses'), offset: 0, bytes: WORD * texts.length };
    const losses = new Float32Array(await fetchStaged(device, source, this.#allocation.buffer('staging')));
    this.#gpu.throwFault();
    return losses;
  }

  close(): void {
    this.#allocation.destroy();
  }
}
