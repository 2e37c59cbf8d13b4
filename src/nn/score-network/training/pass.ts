/** What the forward and the backward pass of a training build on: kernels in their order, buffers with exact bytes, places in the gradient. */
import type { BufferRange } from '../../../gpu/bound-kernel.ts';
import type { Precision } from '../../../gpu/precision.ts';
import { filled } from '../../optimiser/tensor-table.ts';
import type { RowShape } from '../../tensor/bound-rows.ts';
import { KernelList } from '../../tensor/kernel-list.ts';
import { type Narrow, narrowOf, type TensorSizes } from '../../tensor/kernels.ts';
import type { NormPlaces } from '../../tensor/norm-kernels.ts';
import type { ScoreNetworkSpec } from '../spec.ts';
import { type ScoreTensor, type ScoreTensors, scoreStorage, scoreTensors } from '../tensors.ts';
import { type NetworkWalk, type NormStep, networkWalk } from '../walk.ts';

const WORD = 4;

export interface PassOptions {
  readonly spec: ScoreNetworkSpec;
  readonly precision: Precision;
  readonly cells: number;
  readonly sizes: TensorSizes;
  /** Activations of every block are kept, each under a name of its own. */
  readonly kept: boolean;
}

export class Pass extends KernelList {
  readonly spec: ScoreNetworkSpec;
  readonly walk: NetworkWalk;
  readonly shape: RowShape;
  readonly rows: number;
  readonly narrow: Narrow;
  readonly network: ScoreTensors;
  readonly #kept: boolean;

  constructor({ spec, precision, cells, sizes, kept }: PassOptions) {
    super(sizes, cells);
    this.spec = spec;
    this.walk = networkWalk(spec);
    this.shape = { cells, genes: spec.genes, width: spec.width, heads: spec.heads };
    this.rows = cells * spec.genes;
    this.narrow = narrowOf(precision, scoreStorage(precision));
    this.network = scoreTensors(spec, precision, true);
    this.#kept = kept;
  }

  /** Numbers of every row. @param packed in the precision's 16 bits, where it has them */
  activations(name: string, width: number, packed = false): string {
    const bytes = packed && this.narrow.storage !== 'f32' ? WORD / 2 : WORD;
    return this.buffer(name, this.rows * width, `batch × ${this.spec.genes} genes × ${width}`, bytes);
  }

  /** Numbers of every cell. */
  perCell(name: string, width: number): string {
    return this.buffer(name, this.shape.cells * width, `batch × ${width}`);
  }

  /** The same name in every block, unless activations are kept. */
  own(name: string, block: number | string): string {
    return this.#kept ? `${name}.${block}` : name;
  }

  tensor(name: string): ScoreTensor {
    const found = this.network.tensors.find((tensor) => tensor.name === name);
    if (!found) throw new RangeError(`the network has no tensor ${name}`);
    return found;
  }

  /** The working copy of a tensor. */
  plain(name: string): BufferRange {
    return { buffer: 'working', ...this.network.plain(name) };
  }

  transposed(name: string): BufferRange {
    return { buffer: 'working', ...this.network.transposed(name) };
  }

  bias(layer: { readonly name: string; readonly biased: boolean }): BufferRange | undefined {
    return layer.biased ? this.plain(`${layer.name}.bias`) : undefined;
  }

  /** Where a norm finds its modulations. */
  normPlaces({ modulation, shift, scale, unit, gate }: NormStep): NormPlaces {
    const stride = (index: number) => this.walk.modulations[index].outputs;
    return {
      unit,
      epsilon: this.walk.epsilon,
      stride: stride(modulation),
      shift,
      scale,
      gate: gate && { stride: stride(gate.modulation), at: gate.at },
    };
  }

  /** Columns of the logits, filled up. */
  get outputStride(): number {
    return filled(this.walk.outputs);
  }
}
