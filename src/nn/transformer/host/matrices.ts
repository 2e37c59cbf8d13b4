/**
 * Matrices of a decoder in the memory of the CPU, and products with them. The sum of every output goes over the inputs from the first to the
 * last, whatever rows are beside: equal bits for any number of rows.
 */
import { Multiplier, packedAt, packedLength, rowMajor } from '../../../stats/two-sample/matmul.ts';
import type { DecoderTensor, TensorName } from '../weights.ts';
import { product, type Reals } from './product.ts';

export interface HostMatrices {
  /** Takes rows of one, from `from` on. @param values [rows][inner] */
  set(name: TensorName, from: number, values: Float32Array): void;
  /** y = x Wᵀ + b. @param x [rows][inner] @param y [rows][outputs] */
  product(name: TensorName, x: Reals, rows: number, bias: Float32Array | undefined, y: Reals): void;
  row(name: TensorName, index: number): Float32Array;
}

/** In f64 sums, of f32 weights. */
export class PlainMatrices implements HostMatrices {
  readonly #all: ReadonlyMap<TensorName, { readonly shape: readonly number[]; readonly values: Float32Array }>;

  constructor(tensors: readonly DecoderTensor[]) {
    this.#all = new Map(
      tensors.map(({ name, shape }) => [name, { shape, values: new Float32Array(shape[0] * shape[1]) }]),
    );
  }

  set(name: TensorName, from: number, values: Float32Array): void {
    const { shape, values: own } = found(this.#all, name);
    own.set(values, from * shape[1]);
  }

  product(name: TensorName, x: Reals, rows: number, bias: Float32Array | undefined, y: Reals): void {
    const { shape, values } = found(this.#all, name);
    product(x, rows, shape[1], values, shape[0], bias, y);
  }

  row(name: TensorName, index: number): Float32Array {
    const { shape, values } = found(this.#all, name);
    return values.subarray(index * shape[1], (index + 1) * shape[1]);
  }
}

/** Rows of x that are multiplied at once: what the multiplier's memory has place for. */
const ROWS = 32;

interface Packed {
  readonly inner: number;
  readonly outputs: number;
  readonly values: Float32Array;
}

/** In f32 sums, four outputs at a time. */
export class PackedMatrices implements HostMatrices {
  readonly #multiplier = new Multiplier();
  readonly #all: ReadonlyMap<TensorName, Packed>;
  readonly #x: Float32Array;
  readonly #y: Float32Array;

  /** @throws RangeError where they are more than WebAssembly may have, WebAssembly.CompileError where there is no SIMD */
  constructor(tensors: readonly DecoderTensor[]) {
    const shapes = tensors.map(({ shape: [outputs, inner] }) => ({ outputs, inner }));
    const [x, y, ...matrices] = this.#multiplier.arrays([
      ROWS * Math.max(...shapes.map(({ inner }) => inner)),
      ROWS * Math.max(...shapes.map(({ outputs }) => wide(outputs))),
      ...shapes.map(({ outputs, inner }) => packedLength(inner, outputs)),
    ]);
    this.#x = x;
    this.#y = y;
    this.#all = new Map(tensors.map(({ name }, i) => [name, { ...shapes[i], values: matrices[i] }]));
  }

  set(name: TensorName, from: number, values: Float32Array): void {
    const { inner, values: packed } = found(this.#all, name);
    for (let row = 0; row * inner < values.length; row++) {
      const at = packedAt(inner, 0, from + row);
      const step = packedAt(inner, 1, 0);
      for (let k = 0; k < inner; k++) packed[at + k * step] = values[row * inner + k];
    }
  }

  product(name: TensorName, x: Reals, rows: number, bias: Float32Array | undefined, y: Reals): void {
    const { inner, outputs, values } = found(this.#all, name);
    const columns = wide(outputs);
    for (let from = 0; from < rows; from += ROWS) {
      const count = Math.min(ROWS, rows - from);
      this.#x.set(x.subarray(from * inner, (from + count) * inner));
      this.#multiplier.multiplyPacked(count, columns, inner, rowMajor(this.#x, inner), values, this.#y);
      for (let row = 0; row < count; row++)
        y.set(this.#y.subarray(row * columns, row * columns + outputs), (from + row) * outputs);
    }
    if (bias)
      for (let at = 0; at < rows * outputs; at += outputs) for (let o = 0; o < outputs; o++) y[at + o] += bias[o];
  }

  row(name: TensorName, index: number): Float32Array {
    const { inner, values } = found(this.#all, name);
    return Float32Array.from({ length: inner }, (_, k) => values[packedAt(inner, k, index)]);
  }
}

/** Outputs filled up to whole vectors of four. */
const wide = (outputs: number) => Math.ceil(outputs / 4) * 4;

function found<Matrix>(all: ReadonlyMap<TensorName, Matrix>, name: TensorName): Matrix {
  const matrix = all.get(name);
  if (!matrix) throw new Error(`the weights lack ${name}`);
  return matrix;
}
