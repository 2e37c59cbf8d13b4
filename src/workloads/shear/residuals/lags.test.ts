import { expect, test } from 'vitest';
import { lagProduct, lagsWithin, pairsAt } from './lags.ts';

const [NX, NY] = [7, 5];
const image = (seed: number) => Float64Array.from({ length: NX * NY }, (_, i) => Math.sin(seed + 3 * i * i));

test('one of every pair ±h, nearest first: x, y, then both diagonals', () => {
  const lags = lagsWithin(2);
  expect(lags.slice(0, 4)).toEqual([
    { dx: 1, dy: 0 },
    { dx: 0, dy: 1 },
    { dx: -1, dy: 1 },
    { dx: 1, dy: 1 },
  ]);
  // Points of the disc |h| ≤ 2 but its centre: 12; half of them.
  expect(lags).toHaveLength(6);
  expect(new Set(lags.flatMap(({ dx, dy }) => [`${dx},${dy}`, `${0 - dx},${0 - dy}`])).size).toBe(12);
});

test('products and pairs are those of a walk over all pairs', () => {
  const [a, b] = [image(1), image(2)];
  for (const lag of [{ dx: 0, dy: 0 }, ...lagsWithin(4), { dx: 9, dy: 0 }]) {
    let [sum, pairs] = [0, 0];
    for (let y = 0; y < NY; y++)
      for (let x = 0; x < NX; x++) {
        const [u, v] = [x + lag.dx, y + lag.dy];
        if (u < 0 || u >= NX || v < 0 || v >= NY) continue;
        sum += a[y * NX + x] * b[v * NX + u];
        pairs++;
      }
    expect(lagProduct(a, b, NX, NY, lag)).toBeCloseTo(sum, 12);
    expect(pairsAt(NX, NY, lag)).toBe(pairs);
  }
});
