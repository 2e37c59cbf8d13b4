import { expect, test } from 'vitest';
import { decodeJson, encodeJson } from '../bundle/exact-json.ts';
import { type ItemArray, layoutOf, packArrays, unpackArrays } from './arrays.ts';

const DRAWS = 50;

function arrays(): ItemArray[] {
  const wave = Float64Array.from({ length: 4 * DRAWS }, (_, i) => Math.sin(i));
  const of = (group: string, name: string, values: ItemArray['values']): ItemArray => ({
    group,
    name,
    dims: ['chain', 'draw'],
    shape: [4, DRAWS],
    values,
  });
  return [
    of('posterior', 'single', wave.map(Math.fround)),
    of(
      'posterior',
      'double',
      wave.map((v) => 24 + 1e-7 * v),
    ),
    of('posterior', 'broken', wave.with(7, Number.NaN).with(8, Number.NEGATIVE_INFINITY).with(9, -0)),
    of('sample_stats', 'lp', Float32Array.from(wave)),
    of('sample_stats', 'n_steps', new Int32Array(4 * DRAWS).fill(7)),
    of('sample_stats', 'diverging', new Uint8Array(4 * DRAWS).fill(1, 5, 6)),
    of('sample_stats', 'step_size', new Float64Array(4 * DRAWS).fill(0.1)),
  ];
}

test('arrays come back bit for bit, and what is constant or single precision takes less room', () => {
  const original = arrays();
  const bytes = packArrays(original);
  expect(unpackArrays(layoutOf(original), bytes)).toEqual(original);
  const values = 4 * DRAWS;
  expect(bytes.length).toBe(7 + 4 * values + 8 * values + 8 * values + 4 * values + 4 + values + 8);
});

test('arrays of any shape come back, a single number and none at all too', () => {
  const original: ItemArray[] = [
    { group: 'counts', name: 'table', dims: ['row', 'column'], shape: [2, 3], values: Int32Array.of(1, 2, 3, 4, 5, 6) },
    { group: 'counts', name: 'total', dims: [], shape: [], unit: 'cells', values: Int32Array.of(21) },
    { group: 'counts', name: 'none', dims: ['row'], shape: [0], values: new Float32Array(0) },
  ];
  expect(unpackArrays(layoutOf(original), packArrays(original))).toEqual(original);
});

test('arrays that were cut off or belong to another layout are refused', () => {
  const bytes = packArrays(arrays());
  const layout = layoutOf(arrays());
  expect(() => unpackArrays(layout, bytes.slice(0, -1))).toThrow(RangeError);
  const shorter = layout.map((each) => ({ ...each, shape: [4, DRAWS - 1] }));
  expect(() => unpackArrays(shorter, bytes)).toThrow(RangeError);
});

test('numbers that JSON does not know survive', () => {
  const value = { rhat: Number.NaN, rows: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1.5], text: 'NaN' };
  expect(decodeJson(encodeJson(value))).toEqual(value);
});
