/**
 * Arrays of results as bytes and back, without loss. An array is stored in the least of three ways: one value where all are equal (step
 * sizes, divergence flags), 32-bit floats where every value is one (most of what a kernel in f32 returns), or as it is.
 */

import type { DatasetArray, DatasetValues } from '../bundle/dataset-netcdf.ts';

/** A named array of a result, as xarray has it. */
export type ItemArray = DatasetArray;

type Kind = 'f64' | 'f32' | 'i32' | 'u8';

/** What the bytes of an array cannot say themselves; equal for most items of a run. */
export interface ArrayLayout extends Omit<ItemArray, 'values'> {
  readonly kind: Kind;
}

/** How an array was stored: the byte in front of it. */
const STORED = { asIs: 0, constant: 1, f32: 2 } as const;

const ARRAYS = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;

function kindOf(values: DatasetValues): Kind {
  if (values instanceof Float64Array) return 'f64';
  if (values instanceof Float32Array) return 'f32';
  return values instanceof Int32Array ? 'i32' : 'u8';
}

export function layoutOf(arrays: readonly ItemArray[]): ArrayLayout[] {
  return arrays.map(({ values, ...rest }) => ({ ...rest, kind: kindOf(values) }));
}

/** Bytes of the values of arrays of these layouts. */
export function layoutBytes(layouts: readonly ArrayLayout[]): number {
  return layouts.reduce(
    (sum, { kind, shape }) => sum + ARRAYS[kind].BYTES_PER_ELEMENT * shape.reduce((product, n) => product * n, 1),
    0,
  );
}

/** The values of all arrays, in their order. */
export function packArrays(arrays: readonly ItemArray[]): Uint8Array<ArrayBuffer> {
  const parts = arrays.map(({ values }) => packed(values));
  const out = new Uint8Array(parts.reduce((sum, part) => sum + 1 + part.bytes.length, 0));
  let at = 0;
  for (const { stored, bytes } of parts) {
    out[at] = stored;
    out.set(bytes, at + 1);
    at += 1 + bytes.length;
  }
  return out;
}

/** Packs the arrays of many items, and keeps equal layouts once. */
export class ArrayPacker {
  readonly layouts: ArrayLayout[][] = [];
  readonly #places = new Map<string, number>();

  /** Their bytes, and the place of their layout among `layouts`. */
  pack(arrays: readonly ItemArray[]): { readonly layout: number; readonly bytes: Uint8Array<ArrayBuffer> } {
    const layout = layoutOf(arrays);
    const key = JSON.stringify(layout);
    const place = this.#places.get(key) ?? this.layouts.push(layout) - 1;
    this.#places.set(key, place);
    return { layout: place, bytes: packArrays(arrays) };
  }
}

function packed(values: DatasetValues): { stored: number; bytes: Uint8Array } {
  const view = (array: DatasetValues) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  if (values.length > 0 && values.every((value) => Object.is(value, values[0]))) {
    return { stored: STORED.constant, bytes: view(values.slice(0, 1)) };
  }
  if (values instanceof Float64Array && values.every((value) => Object.is(Math.fround(value), value))) {
    return { stored: STORED.f32, bytes: view(Float32Array.from(values)) };
  }
  return { stored: STORED.asIs, bytes: view(values) };
}

/** Of one array: a single stored value may stand for any number of equal ones. */
const MOST_VALUES = 1 << 26;

/**
 * The arrays that `packArrays` wrote.
 * @throws RangeError for bytes that are not of this layout.
 */
export function unpackArrays(layout: readonly ArrayLayout[], bytes: Uint8Array<ArrayBuffer>): ItemArray[] {
  let at = 0;
  const read = <K extends Kind>(kind: K, length: number): DatasetValues => {
    const Type = ARRAYS[kind];
    const end = at + length * Type.BYTES_PER_ELEMENT;
    if (end > bytes.length) throw new RangeError('the stored arrays end too early');
    // Copied, because arrays do not start where their element size needs it.
    const values = new Type(bytes.slice(at, end).buffer);
    at = end;
    return values;
  };
  const arrays = layout.map(({ kind, ...rest }): ItemArray => {
    const count = rest.shape.reduce((product, length) => product * length, 1);
    if (!(count <= MOST_VALUES)) throw new RangeError(`the stored array ${rest.name} declares ${count} values`);
    const stored = bytes[at++];
    if (stored === STORED.constant) return { ...rest, values: new ARRAYS[kind](count).fill(read(kind, 1)[0]) };
    if (stored === STORED.f32) return { ...rest, values: new ARRAYS[kind](read('f32', count)) };
    if (stored === STORED.asIs) return { ...rest, values: read(kind, count) };
    throw new RangeError(`the stored array ${rest.name} is not of a known kind`);
  });
  if (at !== bytes.length) throw new RangeError('the stored arrays are longer than they should be');
  return arrays;
}
