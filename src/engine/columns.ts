/**
 * Draws as bytes and back, without loss. A column is stored in the least of three ways: one value where all are equal (step
 * sizes, divergence flags), 32-bit floats where every value is one (most of what a kernel in f32 returns), or as it is.
 */
import type { DrawColumn, PosteriorItem } from '../workloads/workload.ts';

type Values = DrawColumn['values'];
type Kind = 'f64' | 'f32' | 'i32' | 'u8';

/** What the bytes of an item cannot say themselves; equal for most items of a run. */
export interface ColumnLayout {
  readonly chains: number;
  readonly draws: number;
  readonly parameters: readonly (readonly [name: string, kind: Kind])[];
  readonly stats: readonly (readonly [name: string, kind: Kind])[];
}

/** How a column was stored: the byte in front of it. */
const STORED = { asIs: 0, constant: 1, f32: 2 } as const;

const ARRAYS = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;

function kindOf(values: Values): Kind {
  if (values instanceof Float64Array) return 'f64';
  if (values instanceof Float32Array) return 'f32';
  return values instanceof Int32Array ? 'i32' : 'u8';
}

export function layoutOf({ chains, draws, parameters, stats }: PosteriorItem): ColumnLayout {
  const describe = (columns: readonly DrawColumn[]) =>
    columns.map(({ name, values }) => [name, kindOf(values)] as const);
  return { chains, draws, parameters: describe(parameters), stats: describe(stats) };
}

/** The columns of an item, parameters first, in the layout's order. */
export function packColumns(item: PosteriorItem): Uint8Array<ArrayBuffer> {
  const parts = [...item.parameters, ...item.stats].map(({ values }) => packed(values));
  const out = new Uint8Array(parts.reduce((sum, part) => sum + 1 + part.bytes.length, 0));
  let at = 0;
  for (const { stored, bytes } of parts) {
    out[at] = stored;
    out.set(bytes, at + 1);
    at += 1 + bytes.length;
  }
  return out;
}

function packed(values: Values): { stored: number; bytes: Uint8Array } {
  const view = (array: Values) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  if (values.length > 0 && values.every((value) => Object.is(value, values[0]))) {
    return { stored: STORED.constant, bytes: view(values.slice(0, 1)) };
  }
  if (values instanceof Float64Array && values.every((value) => Object.is(Math.fround(value), value))) {
    return { stored: STORED.f32, bytes: view(Float32Array.from(values)) };
  }
  return { stored: STORED.asIs, bytes: view(values) };
}

/**
 * The columns that `packColumns` wrote.
 * @throws RangeError for bytes that are not of this layout.
 */
export function unpackColumns(
  layout: ColumnLayout,
  bytes: Uint8Array<ArrayBuffer>,
): Pick<PosteriorItem, 'chains' | 'draws' | 'parameters' | 'stats'> {
  const count = layout.chains * layout.draws;
  let at = 0;
  const read = <K extends Kind>(kind: K, length: number): Values => {
    const Type = ARRAYS[kind];
    const end = at + length * Type.BYTES_PER_ELEMENT;
    if (end > bytes.length) throw new RangeError('the stored draws end too early');
    // Copied, because columns do not start where their element size needs it.
    const values = new Type(bytes.slice(at, end).buffer);
    at = end;
    return values;
  };
  const column = ([name, kind]: readonly [string, Kind]): DrawColumn => {
    const stored = bytes[at++];
    if (stored === STORED.constant) return { name, values: new ARRAYS[kind](count).fill(read(kind, 1)[0]) };
    if (stored === STORED.f32) return { name, values: new ARRAYS[kind](read('f32', count)) };
    if (stored === STORED.asIs) return { name, values: read(kind, count) };
    throw new RangeError(`the stored draws of ${name} are not of a known kind`);
  };
  const parameters = layout.parameters.map(column);
  const stats = layout.stats.map(column);
  if (at !== bytes.length) throw new RangeError('the stored draws are longer than they should be');
  return { chains: layout.chains, draws: layout.draws, parameters, stats };
}
