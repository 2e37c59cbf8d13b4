import { expect, test } from 'vitest';
import { clusteredOrder } from './gene-order.ts';

/** Genes of one module correlate by 0.5, others by 0. */
function modules(of: readonly number[]): Float64Array {
  const n = of.length;
  return Float64Array.from({ length: n * n }, (_, i) => {
    const [a, b] = [Math.floor(i / n), i % n];
    return a === b ? 1 : of[a] === of[b] ? 0.5 : 0;
  });
}

test('genes of a module lie beside each other, every gene once', () => {
  const of = [0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 1];
  const order = [...clusteredOrder(modules(of), of.length)];
  expect([...order].sort((a, b) => a - b)).toEqual(of.map((_, gene) => gene));
  const runs = order.map((gene) => of[gene]).filter((module, i, all) => module !== all[i - 1]);
  expect(runs).toHaveLength(3);
});

test('a chain of neighbours is laid out end to end', () => {
  const n = 6;
  const shuffled = [3, 0, 5, 1, 4, 2];
  const chain = Float64Array.from(
    { length: n * n },
    (_, i) => 0.9 ** Math.abs(shuffled[Math.floor(i / n)] - shuffled[i % n]),
  );
  const places = [...clusteredOrder(chain, n)].map((gene) => shuffled[gene]);
  const rising = [0, 1, 2, 3, 4, 5];
  expect([rising, [...rising].reverse()]).toContainEqual(places);
});

test('one gene is an order of one', () => {
  expect([...clusteredOrder([1], 1)]).toEqual([0]);
});
