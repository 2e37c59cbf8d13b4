import { expect, test } from 'vitest';
import type { DatasetItem } from '../../../results/dataset/item.ts';
import { pooledOf } from './pooled.ts';

/** A text of one position more than it has tokens for, where `empty`. */
function text(index: number, label: string, empty = false): DatasetItem {
  const value = (position: number, layer: number, i: number) => 100 * index + 10 * position + 2 * layer + i;
  const values = new Float32Array(2 * 2 * 2);
  for (let p = 0; p < 2; p++)
    for (let l = 0; l < 2; l++)
      for (let i = 0; i < 2; i++) values[(p * 2 + l) * 2 + i] = empty && p === 1 ? Number.NaN : value(p, l, i);
  return {
    info: { index, runId: `t${index}`, seed: index, truth: {} } as DatasetItem['info'],
    arrays: [
      { group: 'positions', name: 'counts', dims: ['position'], shape: [2], values: Int32Array.of(1, 1) },
      {
        group: 'activations',
        name: 'residual',
        dims: ['position', 'layer', 'dimension'],
        shape: [2, 2, 2],
        values,
      },
    ],
    attributes: {
      label,
      question: `q${index % 2}`,
      prompt_tokens: 10,
      tokens: 3 + index,
      positions: 'prompt[-1], response[:5]',
    },
    work: 1,
  };
}

const items = ['positive', 'none', 'negative', 'positive', 'negative'].map((label, i) => text(i, label));

test('labelled texts alone, row by row, an array for each position', () => {
  const pooled = pooledOf(items)!;
  expect([...pooled.y]).toEqual([1, 0, 1, 0]);
  expect(pooled.question).toEqual(['q0', 'q0', 'q1', 'q0']);
  expect([...pooled.length]).toEqual([13, 15, 16, 17]);
  expect(pooled.arrays.map(({ position }) => position)).toEqual(['prompt[-1]', 'response[:5]']);
  const { values, layers, d } = pooled.arrays[1];
  expect([layers, d]).toEqual([2, 2]);
  // The text with index 2 stands second: position 1, layers 0 and 1.
  expect([...values.subarray(4, 8)]).toEqual([210, 211, 212, 213]);
});

test('a position where a text has no token is left out', () => {
  const pooled = pooledOf([...items.slice(0, 4), text(4, 'negative', true)])!;
  expect(pooled.arrays.map(({ position }) => position)).toEqual(['prompt[-1]']);
});

test('nothing is fitted to fewer than two texts of a label', () => {
  expect(pooledOf(items.slice(0, 4))).toBeUndefined();
});
