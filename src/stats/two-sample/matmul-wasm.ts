/**
 * A WebAssembly module of two functions, written out instruction by instruction: products of f32 matrices with four lanes at a time, which
 * JavaScript has no other access to. `rows4` and `rows1` compute that many rows of out = a b.
 *
 * Parameters, all i32: bytes of a row of out (a multiple of 16); k > 0; address of a's first row; bytes from one row of a to the next, and
 * from one column to the next; address of b; bytes from one row of b to the next, and from eight columns to the next eight; address of out's
 * first row. out is row-major, and so are each eight columns of b.
 * Encoding: https://webassembly.github.io/spec/core/binary/
 */

const I32 = 0x7f;
const V128 = 0x7b;
const PARAMS = 9;
const VECTOR_BYTES = 16;

// Parameters, then locals.
const [WIDTH, K, A, A_ROW, A_COLUMN, B, B_ROW, B_TILE, OUT, STEPS, B_AT, OUT_AT] = Array.from(
  { length: 12 },
  (_, i) => i,
);
/** Address in each row of a. */
const aAt = (row: number) => 12 + row;

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}
const section = (id: number, bytes: number[]) => [id, ...leb(bytes.length), ...bytes];
const vector = (items: number[][]) => [...leb(items.length), ...items.flat()];
const name = (text: string) => [...leb(text.length), ...new TextEncoder().encode(text)];

const get = (local: number) => [0x20, ...leb(local)];
const set = (local: number) => [0x21, ...leb(local)];
/** −64 ≤ value < 64 (signed LEB128 of one byte). */
const constant = (value: number) => [0x41, value & 0x7f];
const ADD = [0x6a];
const SUBTRACT = [0x6b];
const AT_LEAST = [0x4f];
const loop = (body: number[]) => [0x03, 0x40, ...body, 0x0b];
const when = (body: number[]) => [0x04, 0x40, ...body, 0x0b];
const REPEAT_IF = [0x0d, 0];
const load = (offset: number) => [0xfd, 0x00, 4, ...leb(offset)];
const LOAD_SPLAT = [0xfd, 0x09, 2, 0];
const STORE = [0xfd, 0x0b, 4, 0];
const ZERO = [0xfd, 0x0c, ...new Array<number>(VECTOR_BYTES).fill(0)];
const VECTOR_ADD = [0xfd, 0xe4, 1];
const VECTOR_MULTIPLY = [0xfd, 0xe6, 1];
const increase = (local: number, by: number[]) => [...get(local), ...by, ...ADD, ...set(local)];

function each(count: number, emit: (i: number) => number[]): number[] {
  return Array.from({ length: count }, (_, i) => emit(i)).flat();
}

/** rows × 4 vectors sums over k in registers, stored to out; then b and out move on by that many columns. */
function tile(rows: number, vectors: number): number[] {
  const right = (v: number) => aAt(rows) + v;
  const left = right(2);
  const sum = (row: number, v: number) => left + 1 + row * 2 + v;
  const bytes = constant(vectors * VECTOR_BYTES);
  const oneK = [
    ...each(vectors, (v) => [...get(B_AT), ...load(v * VECTOR_BYTES), ...set(right(v))]),
    ...each(rows, (row) => [
      ...get(aAt(row)),
      ...LOAD_SPLAT,
      ...set(left),
      ...each(vectors, (v) => [
        ...get(sum(row, v)),
        ...get(left),
        ...get(right(v)),
        ...VECTOR_MULTIPLY,
        ...VECTOR_ADD,
        ...set(sum(row, v)),
      ]),
      ...increase(aAt(row), get(A_COLUMN)),
    ]),
    ...increase(B_AT, get(B_ROW)),
    ...increase(STEPS, constant(-1)),
    ...get(STEPS),
    ...REPEAT_IF,
  ];
  return [
    ...each(rows, (row) => each(vectors, (v) => [...ZERO, ...set(sum(row, v))])),
    ...[...get(A), ...set(aAt(0))],
    ...each(rows - 1, (row) => [...get(aAt(row)), ...get(A_ROW), ...ADD, ...set(aAt(row + 1))]),
    ...[...get(B), ...set(B_AT), ...get(OUT), ...set(OUT_AT), ...get(K), ...set(STEPS)],
    ...loop(oneK),
    ...each(rows, (row) => [
      ...each(vectors, (v) => [
        ...[...get(OUT_AT), ...constant(v * VECTOR_BYTES), ...ADD],
        ...get(sum(row, v)),
        ...STORE,
      ]),
      ...increase(OUT_AT, get(WIDTH)),
    ]),
    ...increase(B, get(B_TILE)),
    ...increase(OUT, bytes),
  ];
}

/** Two vectors of columns at a time, and one where one is left. */
function rowsFunction(rows: number): number[] {
  const columnsLeft = aAt(rows) + 3 + 2 * rows;
  const leftAtLeast = (bytes: number) => [...get(columnsLeft), ...constant(bytes), ...AT_LEAST];
  const pair = [
    ...tile(rows, 2),
    ...[...get(columnsLeft), ...constant(2 * VECTOR_BYTES), ...SUBTRACT, ...set(columnsLeft)],
    ...leftAtLeast(2 * VECTOR_BYTES),
    ...REPEAT_IF,
  ];
  const body = [
    ...[...get(WIDTH), ...set(columnsLeft)],
    ...leftAtLeast(2 * VECTOR_BYTES),
    ...when(loop(pair)),
    ...leftAtLeast(VECTOR_BYTES),
    ...when(tile(rows, 1)),
  ];
  const locals = vector([
    [aAt(rows) - PARAMS, I32],
    [3 + 2 * rows, V128],
    [1, I32],
  ]);
  const code = [...locals, ...body, 0x0b];
  return [...leb(code.length), ...code];
}

/** Imports `m.memory`; exports `rows4` and `rows1`. */
export function matmulModule(): Uint8Array<ArrayBuffer> {
  const type = [0x60, ...vector(new Array(PARAMS).fill([I32])), ...vector([])];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([type])),
    ...section(2, vector([[...name('m'), ...name('memory'), 0x02, 0x00, 0]])),
    ...section(3, vector([[0], [0]])),
    ...section(
      7,
      vector([
        [...name('rows4'), 0x00, 0],
        [...name('rows1'), 0x00, 1],
      ]),
    ),
    ...section(10, vector([rowsFunction(4), rowsFunction(1)])),
  ]);
}
