/** Weights on their way to the device: piece by piece, as they are stored there, each put into its place by a kernel. */
import type { Allocation } from '../../../gpu/allocation.ts';
import { type BoundKernel, bindKernel, gridOf } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { OpenOptions, WeightStorage } from '../batch.ts';
import type { DecoderSpec } from '../spec.ts';
import { bytesOfFour, storedRows } from '../storage.ts';
import type { BlockTensor, WeightPiece, WeightSource } from '../weights.ts';
import {
  decoderSizes,
  finalPlaces,
  fours,
  type Matrix,
  type Placing,
  placeOfRow,
  placingOf,
  vectorPlaces,
} from './layout.ts';
import type { LayeredSetup } from './setup.ts';
import { blockColumns } from './shape.ts';

export class WeightUpload {
  readonly #gpu: GpuContext;
  readonly #allocation: Allocation;
  readonly #setup: LayeredSetup;
  /** A kernel a buffer: where it writes. */
  readonly #kernels: ReadonlyMap<string, BoundKernel>;
  /** Scales of a matrix by column, until its last row has come. */
  readonly #scales = new Map<string, Float32Array<ArrayBuffer>>();

  private constructor(gpu: GpuContext, allocation: Allocation, setup: LayeredSetup, kernels: Map<string, BoundKernel>) {
    this.#gpu = gpu;
    this.#allocation = allocation;
    this.#setup = setup;
    this.#kernels = kernels;
  }

  static async open(
    gpu: GpuContext,
    allocation: Allocation,
    setup: LayeredSetup,
    stored: Readonly<Record<string, boolean>>,
  ): Promise<WeightUpload> {
    const { layout, shape, plainThreads } = setup;
    const matrices = [
      layout.embedding,
      layout.unembedding,
      ...layout.blocks.flatMap((block) => Object.values(block.matrices)),
    ];
    const shader = {
      module: 'nn/transformer/arrange',
      conditions: stored,
      constants: {
        PAIRS: `${shape.pairs}u`,
        PRODUCT_THREADS: `${shape.threads}u`,
        PLAIN_THREADS: `${plainThreads}u`,
      },
    };
    const kernels = new Map<string, BoundKernel>();
    for (const { buffer } of matrices.flatMap(({ parts }) => parts))
      if (!kernels.has(buffer))
        kernels.set(
          buffer,
          await bindKernel(gpu, allocation, { shader, buffers: { 0: 'upload', 1: buffer, 2: 'place' } }),
        );
    return new WeightUpload(gpu, allocation, setup, kernels);
  }

  /** @throws FileError of the source, and what a signal was aborted with */
  async all(source: WeightSource, { progress, signal }: OpenOptions): Promise<void> {
    const { spec } = this.#setup.options;
    const { width4 } = decoderSizes(spec);
    const total = source.tensors.reduce(
      (sum, { shape }) => sum + 4 * shape.reduce((product, size) => product * size),
      0,
    );
    this.#numberBlocks();
    let done = 0;
    for await (const piece of source.pieces(this.#allocation.buffer('upload').size, signal)) {
      signal?.throwIfAborted();
      const { tensor } = piece;
      if (tensor.name === 'positions') this.#positions(piece, 4 * width4);
      else if (tensor.shape.length === 1) this.#vector(piece);
      else await this.#matrix(piece);
      done += piece.values.byteLength;
      progress?.(done, total);
    }
    await this.#gpu.finished();
  }

  #write(buffer: string, at: number, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): void {
    this.#gpu.device.queue.writeBuffer(this.#allocation.buffer(buffer), at, data);
  }

  #numberBlocks(): void {
    this.#setup.layout.blocks.forEach(({ vectors }, layer) => {
      this.#write(vectors, 0, Float32Array.of(layer, 0, 0, 0));
    });
  }

  #positions({ from, to, values, tensor }: WeightPiece, stride: number): void {
    const last = Math.min(to, this.#setup.options.context);
    if (from < last)
      this.#write('positions', 4 * from * stride, filledRows(values, last - from, tensor.shape[1], stride));
  }

  #vector({ tensor, values }: WeightPiece): void {
    const { spec } = this.#setup.options;
    const [, block, name] = /^(?:blocks\.(\d+)\.)?(.+)$/.exec(tensor.name) ?? [];
    const { buffer, at, numbers } = vectorAt(spec, block, name, values);
    this.#write(buffer, 4 * at, numbers);
  }

  async #matrix(piece: WeightPiece): Promise<void> {
    const { tensor, from, to, values } = piece;
    const { options, layout } = this.#setup;
    const { spec, storage } = options;
    const [rows, inner] = tensor.shape;
    const plain: Placing = { offset: 0, stride: 1, head: rows, padded: rows, half: 0 };
    const block = /^blocks\.(\d+)\.(.+)$/.exec(tensor.name);
    const placed = block ? placingOf(spec, block[2] as BlockTensor) : undefined;
    const target =
      block && placed
        ? layout.blocks[Number(block[1])].matrices[placed.matrix]
        : layout[tensor.name as 'embedding' | 'unembedding'];
    const placing = placed?.placing ?? plain;
    const own = 4 * target.inner4;
    // Inputs of the product behind attention come head by head, filled up.
    const lying = asStored(piece, storage, own);
    const turned = tensor.name.endsWith('.o.weight')
      ? filledRows(values, (to - from) * spec.heads, spec.head, 4 * fours(spec.head))
      : filledRows(values, to - from, inner, own);
    const most = Math.floor(this.#allocation.buffer('upload').size / (target.inner4 * bytesOfFour(storage)));
    for (let row = from; row < to; row += most) {
      const count = Math.min(most, to - row);
      const cut = [(row - from) * own, (row - from + count) * own] as const;
      const { words, scales } = lying
        ? { words: lying.subarray(cut[0] / 2, cut[1] / 2), scales: undefined }
        : storedRows(turned.subarray(...cut), count, own, storage);
      this.#write('upload', 0, words);
      this.#arrange(target, placing, row, count);
      if (scales) this.#keepScales(target, placing, row, scales, rows === row + count);
      // One piece at a time lies beside the buffer that it goes through.
      await this.#gpu.finished();
    }
  }

  #arrange(target: Matrix, { offset, stride, head, padded, half }: Placing, row: number, count: number): void {
    const { device } = this.#gpu;
    for (const { buffer, first, blocks } of target.parts) {
      this.#write(
        'place',
        0,
        Uint32Array.of(count, target.inner4, row, offset, stride, head, padded, half, first, blocks, 0, 0),
      );
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      const groups = Math.ceil((count * target.inner4) / this.#setup.plainThreads);
      this.#kernels.get(buffer)?.dispatch(pass, ...gridOf(groups, device));
      pass.end();
      device.queue.submit([encoder.finish()]);
    }
  }

  #keepScales(target: Matrix, placing: Placing, row: number, scales: Float32Array<ArrayBuffer>, last: boolean): void {
    const columns = blockColumns(this.#setup.shape);
    const blocks = target.parts.reduce((sum, part) => sum + part.blocks, 0);
    const all = this.#scales.get(target.name) ?? new Float32Array(blocks * columns);
    this.#scales.set(target.name, all);
    for (let i = 0; i < scales.length; i++) all[placeOfRow(row + i, placing)] = scales[i];
    if (!last) return;
    for (const part of target.parts) {
      const at = part.blocks * columns * target.inner4 * bytesOfFour('int8');
      this.#write(part.buffer, at, all.subarray(part.first * columns, (part.first + part.blocks) * columns));
    }
  }
}

/** Two numbers a word, where the file has them as the device wants them: rows of whole fours, heads filled up by nothing. */
function asStored(
  { tensor, stored }: WeightPiece,
  storage: WeightStorage,
  stride: number,
): Uint32Array<ArrayBuffer> | undefined {
  const { type, bytes } = stored ?? {};
  const fits = tensor.shape[1] === stride && type === storage.toUpperCase() && (type === 'F16' || type === 'BF16');
  if (!bytes || !fits) return undefined;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

/** Rows of `inner` numbers, each filled up with zeros to `stride`. */
function filledRows(
  values: Float32Array<ArrayBuffer>,
  rows: number,
  inner: number,
  stride: number,
): Float32Array<ArrayBuffer> {
  if (inner === stride) return values.subarray(0, rows * inner);
  const filled = new Float32Array(rows * stride);
  for (let row = 0; row < rows; row++) filled.set(values.subarray(row * inner, (row + 1) * inner), row * stride);
  return filled;
}

/** Where a vector goes, and its numbers as kernels read them: norms with what is added to them, biases in their matrix's order. */
function vectorAt(
  spec: DecoderSpec,
  block: string | undefined,
  name: string,
  values: Float32Array<ArrayBuffer>,
): { readonly buffer: string; readonly at: number; readonly numbers: Float32Array<ArrayBuffer> } {
  const norm = () => values.map((value) => value + spec.norm.unit);
  if (block === undefined) {
    const { norm: at, bias } = finalPlaces(spec);
    return { buffer: 'normF', ...(name === 'normF.weight' ? { at, numbers: norm() } : { at: bias, numbers: values }) };
  }
  const buffer = `block.${block}.vectors`;
  const places = vectorPlaces(spec);
  const { q4, kv4, head4 } = decoderSizes(spec);
  switch (name as BlockTensor) {
    case 'norm1.weight':
      return { buffer, at: places.norm1, numbers: norm() };
    case 'norm2.weight':
      return { buffer, at: places.norm2, numbers: norm() };
    case 'post1.weight':
      return { buffer, at: places.post1, numbers: norm() };
    case 'post2.weight':
      return { buffer, at: places.post2, numbers: norm() };
    case 'norm1.bias':
      return { buffer, at: places.norm1Bias, numbers: values };
    case 'norm2.bias':
      return { buffer, at: places.norm2Bias, numbers: values };
    case 'o.bias':
      return { buffer, at: places.oBias, numbers: values };
    case 'up.bias': {
      const stride = spec.mlp.gated ? 2 : 1;
      const numbers = new Float32Array(stride * values.length);
      values.forEach((value, i) => {
        numbers[stride * i + stride - 1] = value;
      });
      return { buffer, at: places.upBias, numbers };
    }
    case 'down.bias':
      return { buffer, at: places.downBias, numbers: values };
    default: {
      // Biases of q, k and v lie as the rows of their weights do.
      const tensor = name.replace('.bias', '.weight') as BlockTensor;
      const placing = placingOf(spec, tensor)?.placing;
      if (!placing) throw new RangeError(`a decoder has no vector ${name}`);
      const first = { 'q.bias': 0, 'k.bias': q4, 'v.bias': q4 + kv4 }[name] ?? 0;
      const numbers = new Float32Array(4 * head4 * (values.length / spec.head));
      values.forEach((value, row) => {
        numbers[placeOfRow(row, placing) - 4 * first] = value;
      });
      return { buffer, at: places.qkvBias + 4 * first, numbers };
    }
  }
}
