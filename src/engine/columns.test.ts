import { expect, test } from 'vitest';
import type { PosteriorItem } from '../workloads/workload.ts';
import { layoutOf, packColumns, unpackColumns } from './columns.ts';
import { decodeJson, encodeJson } from './exact-json.ts';

const DRAWS = 50;

function item(): PosteriorItem {
  const wave = Float64Array.from({ length: 4 * DRAWS }, (_, i) => Math.sin(i));
  return {
    info: { index: 3, runId: 'a', seed: 45, truth: {} },
    chains: 4,
    draws: DRAWS,
    parameters: [
      { name: 'single', values: wave.map(Math.fround) },
      { name: 'double', values: wave.map((v) => 24 + 1e-7 * v) },
      { name: 'broken', values: wave.with(7, Number.NaN).with(8, Number.NEGATIVE_INFINITY).with(9, -0) },
    ],
    stats: [
      { name: 'lp', values: Float32Array.from(wave) },
      { name: 'n_steps', values: new Int32Array(4 * DRAWS).fill(7) },
      { name: 'diverging', values: new Uint8Array(4 * DRAWS).fill(1, 5, 6) },
      { name: 'step_size', values: new Float64Array(4 * DRAWS).fill(0.1) },
    ],
    fit: { mean: [0], sd: [1], chi2: 2 },
    gradients: 9,
  };
}

test('draws come back bit for bit, and what is constant or single precision takes less room', () => {
  const original = item();
  const bytes = packColumns(original);
  const { info: _, fit: __, gradients: ___, ...columns } = original;
  expect(unpackColumns(layoutOf(original), bytes)).toEqual(columns);
  const values = 4 * DRAWS;
  expect(bytes.length).toBe(7 + 4 * values + 8 * values + 8 * values + 4 * values + 4 + values + 8);
});

test('draws that were cut off or belong to another layout are refused', () => {
  const bytes = packColumns(item());
  expect(() => unpackColumns(layoutOf(item()), bytes.slice(0, -1))).toThrow(RangeError);
  expect(() => unpackColumns({ ...layoutOf(item()), draws: DRAWS - 1 }, bytes)).toThrow(RangeError);
});

test('numbers that JSON does not know survive', () => {
  const value = { rhat: Number.NaN, rows: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1.5], text: 'NaN' };
  expect(decodeJson(encodeJson(value))).toEqual(value);
});
