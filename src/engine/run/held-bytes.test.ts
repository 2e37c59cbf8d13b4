import { expect, test } from 'vitest';
import type { PosteriorItem } from '../../results/posterior/item.ts';
import { summarizeItem } from '../../results/posterior/summary.ts';
import { heldBytes } from './held-bytes.ts';
import { ResultStore } from './store.ts';

/** Two chains of so many draws: one parameter and a flag. */
function item(index: number, draws: number): PosteriorItem {
  const total = 2 * draws;
  return {
    info: { index, runId: `r${index}`, seed: 1, truth: {} },
    chains: 2,
    draws,
    parameters: [{ name: 'x', values: Float64Array.from({ length: total }, (_, i) => Math.sin(i)) }],
    stats: [
      { name: 'energy', values: Float64Array.from({ length: total }, (_, i) => Math.cos(i)) },
      { name: 'diverging', values: new Uint8Array(total) },
    ],
    fit: { mean: [0], sd: [1], chi2: 1 },
    gradients: 1,
  };
}

test('counts every buffer once and whole, however often and wherever it is seen', () => {
  const shared = new Float64Array(10);
  expect(heldBytes({ a: shared, b: [{ c: shared }], d: new Uint8Array(3), e: [1, 2], f: null, g: 'text' })).toBe(83);
  expect(heldBytes([shared.subarray(2, 4)])).toBe(80);
});

test('the store knows the bytes of what it holds; an item that was sampled again takes the place of its earlier result', () => {
  const store = new ResultStore();
  const put = (index: number, draws: number) => {
    const one = item(index, draws);
    store.put(one, summarizeItem(one));
  };
  put(0, 100);
  put(1, 100);
  expect(store.bytes).toBe(2 * 200 * (8 + 8 + 1));
  put(1, 50);
  expect(store.bytes).toBe((200 + 100) * (8 + 8 + 1));
});
