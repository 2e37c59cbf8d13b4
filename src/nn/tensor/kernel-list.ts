/** What passes of a training are built of: kernels in their order, buffers with exact bytes, places in the gradient. */
import type { BufferRange } from '../../gpu/bound-kernel.ts';
import type { PlannedBuffer } from '../../gpu/plan.ts';
import type { StepKernel } from '../training/training.ts';
import { type Bound, sumPartsKernel, type TensorSizes } from './kernels.ts';

const WORD = 4;
/** Uniforms are bound at multiples of this many words. */
const SLOT = 64;

export class KernelList {
  readonly kernels: Record<string, StepKernel> = {};
  readonly contents: Record<string, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>> = {};
  readonly sizes: TensorSizes;
  /** Samples of a batch: what bytes of buffers are told by. */
  readonly samples: number;
  readonly #buffers = new Map<string, PlannedBuffer>();
  readonly #places: number[] = [];

  constructor(sizes: TensorSizes, samples: number) {
    this.sizes = sizes;
    this.samples = samples;
  }

  /** Adds kernels behind those there are. */
  run(name: string, ...kernels: readonly StepKernel[]): void {
    for (const [i, kernel] of kernels.entries()) {
      const full = kernels.length > 1 ? `${name}.${i}` : name;
      if (this.kernels[full]) throw new RangeError(`two kernels are called ${full}`);
      this.kernels[full] = kernel;
    }
  }

  /** A buffer of so many numbers; the widest use of a name counts. */
  buffer(name: string, numbers: number, formula: string, bytes = WORD): string {
    const size = WORD * Math.ceil((numbers * bytes) / WORD);
    const before = this.#buffers.get(name);
    if (!before || before.bytes < size)
      this.#buffers.set(name, {
        name,
        bytes: size,
        role: 'storage',
        bytesPerItem: Math.floor(size / this.samples),
        formula: `${formula} × ${bytes} B`,
      });
    return name;
  }

  /** A uniform of one number. */
  place(value: number): BufferRange {
    this.#places.push(value);
    return { buffer: 'places', offset: (this.#places.length - 1) * SLOT * WORD, bytes: 4 * WORD };
  }

  /**
   * Slopes by a tensor that begins at number `at` of the gradient, and what follows it, of so many numbers: in parts that are summed in their
   * order, or at once. Each of `kernels` adds as many parts. @param unit numbers that places are counted in
   */
  inParts(
    name: string,
    at: number,
    splits: number,
    numbers: number,
    kernels: readonly ((parts: Bound, place: BufferRange) => StepKernel)[],
    unit = 4,
  ): void {
    const all = splits * kernels.length;
    const own = (i: number) => (kernels.length > 1 ? `d.${name}.${i}` : `d.${name}`);
    if (all === 1) {
      this.run(own(0), kernels[0]('gradient', this.place(at / unit)));
      return;
    }
    const parts = this.buffer('gradientParts', all * numbers, `${all} parts × ${numbers}`);
    kernels.forEach((kernel, i) => {
      this.run(own(i), kernel(parts, this.place((i * splits * numbers) / unit)));
    });
    const sum = { parts, gradient: 'gradient', place: this.place(at / 4) };
    this.run(`sum.${name}`, sumPartsKernel(this.sizes, numbers, all, sum));
  }

  /** All buffers, once every kernel has been added. */
  buffers(): PlannedBuffer[] {
    const buffers = [...this.#buffers.values()];
    if (this.#places.length === 0) return buffers;
    const words = new Uint32Array(this.#places.length * SLOT);
    for (const [i, value] of this.#places.entries()) words[i * SLOT] = value;
    this.contents.places = words;
    const formula = `${this.#places.length} places × ${SLOT * WORD} B`;
    return [...buffers, { name: 'places', bytes: words.byteLength, role: 'uniform', bytesPerItem: 0, formula }];
  }
}
