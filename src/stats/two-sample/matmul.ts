/** Dense f32 products for small networks on the CPU, four lanes at a time (`matmul-wasm.ts`), without allocation. */
import { matmulModule } from './matmul-wasm.ts';

/** A matrix inside an array of the multiplier: entry (i, j) lies at `i * rowStride + j * columnStride`. */
export interface Matrix {
  readonly values: Float32Array;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** Row-major view. */
export function rowMajor(values: Float32Array, columns: number): Matrix {
  return { values, rowStride: columns, columnStride: 1 };
}

export function transposed({ values, rowStride, columnStride }: Matrix): Matrix {
  return { values, rowStride: columnStride, columnStride: rowStride };
}

type Rows = (
  rowBytes: number,
  k: number,
  a: number,
  aRow: number,
  aColumn: number,
  b: number,
  bRow: number,
  bTile: number,
  out: number,
) => undefined;

const F32_BYTES = 4;
const ALIGNED_BYTES = 16;
const PAGE_BYTES = 65_536;
/** Columns that are summed at a time, two vectors, and that lie together in a packed matrix. */
const COLUMNS = 8;
let compiled: WebAssembly.Module | undefined;

/** Owns the memory in which its matrices lie. */
export class Multiplier {
  readonly #memory: WebAssembly.Memory;
  readonly #rows4: Rows;
  readonly #rows1: Rows;
  #usedBytes = 0;

  constructor() {
    compiled ??= new WebAssembly.Module(matmulModule());
    this.#memory = new WebAssembly.Memory({ initial: 0 });
    const { exports } = new WebAssembly.Instance(compiled, { m: { memory: this.#memory } });
    this.#rows4 = exports.rows4 as Rows;
    this.#rows1 = exports.rows1 as Rows;
  }

  /** Zeroed arrays of these lengths. All arrays of a multiplier are asked for at once: a later call would detach them. */
  arrays(lengths: readonly number[]): Float32Array<ArrayBuffer>[] {
    if (this.#usedBytes > 0) throw new Error('the arrays of this multiplier are already allocated');
    const offsets = lengths.map((length) => {
      const offset = this.#usedBytes;
      this.#usedBytes += Math.ceil((length * F32_BYTES) / ALIGNED_BYTES) * ALIGNED_BYTES;
      return offset;
    });
    this.#memory.grow(Math.ceil(this.#usedBytes / PAGE_BYTES));
    return lengths.map((length, i) => new Float32Array(this.#memory.buffer, offsets[i], length));
  }

  /** out = a b, with a m × k, b k × n and out m × n, the last two row-major. @param n a multiple of 4. */
  multiply(m: number, n: number, k: number, a: Matrix, b: Float32Array, out: Float32Array): void {
    this.#multiply(m, n, k, a, b.byteOffset, n * F32_BYTES, COLUMNS * F32_BYTES, out);
  }

  /** The same with b packed: for large matrices, whose rows would lie too far apart for a cache. */
  multiplyPacked(m: number, n: number, k: number, a: Matrix, b: Float32Array, out: Float32Array): void {
    this.#multiply(m, n, k, a, b.byteOffset, COLUMNS * F32_BYTES, k * COLUMNS * F32_BYTES, out);
  }

  #multiply(
    m: number,
    n: number,
    k: number,
    a: Matrix,
    b: number,
    bRow: number,
    bTile: number,
    out: Float32Array,
  ): void {
    const width = n * F32_BYTES;
    const aRow = a.rowStride * F32_BYTES;
    const aColumn = a.columnStride * F32_BYTES;
    let from = a.values.byteOffset;
    let to = out.byteOffset;
    let row = 0;
    for (; row + 4 <= m; row += 4) {
      this.#rows4(width, k, from, aRow, aColumn, b, bRow, bTile, to);
      from += 4 * aRow;
      to += 4 * width;
    }
    for (; row < m; row++) {
      this.#rows1(width, k, from, aRow, aColumn, b, bRow, bTile, to);
      from += aRow;
      to += width;
    }
  }
}

/** Length of a packed k × n matrix. */
export const packedLength = (k: number, n: number) => Math.ceil(n / COLUMNS) * COLUMNS * k;

/** Where entry (row, column) of a packed matrix of k rows lies: eight columns together, row by row. */
export const packedAt = (k: number, row: number, column: number) =>
  (column - (column % COLUMNS)) * k + row * COLUMNS + (column % COLUMNS);
