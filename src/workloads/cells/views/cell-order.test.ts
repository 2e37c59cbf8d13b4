import { expect, test } from 'vitest';
import { orderOfCells } from './cell-order.ts';

test('cells that are alike come beside each other', () => {
  const kinds = [
    [5, 0, 0, 3],
    [0, 4, 2, 0],
  ];
  const of = [0, 1, 0, 1, 1, 0];
  const tokens = Uint8Array.from(of.flatMap((kind, cell) => kinds[kind].map((count) => count + (cell % 2))));
  const order = [...orderOfCells(tokens, 4)].map((cell) => of[cell]);
  expect(order.filter((kind, i) => kind !== order[i - 1])).toHaveLength(2);
});
