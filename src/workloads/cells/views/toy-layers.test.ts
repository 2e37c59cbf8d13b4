import { expect, test } from 'vitest';
import { layersOf } from './toy-layers.ts';

test('each name lies below all of its parents', () => {
  const node = (name: string, ...parents: number[]) => ({ name, parents });
  expect(layersOf([node('a'), node('b'), node('c', 0), node('d', 2, 1)])).toEqual([['a', 'b'], ['c'], ['d']]);
  expect(layersOf([])).toEqual([]);
});
