/** What the forward and the backward pass of a decoder build on. */
import type { BufferRange } from '../../../gpu/bound-kernel.ts';
import type { RowShape } from '../../tensor/bound-rows.ts';
import { KernelList } from '../../tensor/kernel-list.ts';
import type { Bound, Narrow, TensorSizes } from '../../tensor/kernels.ts';
import type { StepKernel } from '../../training/training.ts';
import type { DecoderSpec } from '../spec.ts';
import { type TrainedTensors, trainedTensors } from './tensors.ts';

/** Everything is f32. */
export const NARROW: Narrow = { storage: 'f32', half: false };

export interface PassOptions {
  readonly spec: DecoderSpec;
  /** Sequences of a batch, and tokens of each. */
  readonly batch: number;
  readonly length: number;
  readonly sizes: TensorSizes;
  /** Activations of every block are kept, each under a name of its own. */
  readonly kept: boolean;
}

export class DecoderPass extends KernelList {
  readonly spec: DecoderSpec;
  readonly shape: RowShape;
  readonly rows: number;
  readonly length: number;
  readonly decoder: TrainedTensors;
  readonly #kept: boolean;

  /** @throws RangeError as `checkTrainable` */
  constructor({ spec, batch, length, sizes, kept }: PassOptions) {
    super(sizes, batch);
    this.spec = spec;
    this.shape = { cells: batch, genes: length, width: spec.width, heads: spec.heads };
    this.rows = batch * length;
    this.length = length;
    this.decoder = trainedTensors(spec);
    this.#kept = kept;
  }

  /** Numbers of every token. */
  activations(name: string, width: number): string {
    return this.buffer(name, this.rows * width, `batch × ${this.length} tokens × ${width}`);
  }

  /** The same name in every block, unless activations are kept. */
  own(name: string, block: number | string): string {
    return this.#kept ? `${name}.${block}` : name;
  }

  plain(name: string): BufferRange {
    return { buffer: 'working', ...this.decoder.plain(name) };
  }

  transposed(name: string): BufferRange {
    return { buffer: 'working', ...this.decoder.transposed(name) };
  }

  /** Slopes by a tensor of the decoder, in as many parts from every kernel. */
  slopes(
    name: string,
    splits: number,
    ...kernels: readonly ((parts: Bound, place: BufferRange) => StepKernel)[]
  ): void {
    const { at, shape } = this.decoder.tensor(name);
    const numbers = shape.reduce((product, each) => product * each, 1);
    this.inParts(name, at, splits, numbers, kernels);
  }
}
