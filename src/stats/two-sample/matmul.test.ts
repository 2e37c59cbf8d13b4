import { describe, expect, it } from 'vitest';
import { uniforms } from '../fixtures/draws.ts';
import { Multiplier, packedAt, packedLength, rowMajor, transposed } from './matmul.ts';

describe('multiply', () => {
  it.each([
    [1, 4, 1],
    [3, 4, 2],
    [4, 8, 5],
    [7, 12, 3],
    [9, 20, 20],
    [200, 52, 50],
  ])('gives the sums of a %d × %d product over %d, of a matrix and of its transpose', (m, n, k) => {
    const multiplier = new Multiplier();
    const [a, b, out, guard] = multiplier.arrays([m * k, k * n, m * n, 4]);
    const numbers = uniforms(m, m * k + k * n);
    a.set(numbers.subarray(0, m * k).map((u) => u - 0.5));
    b.set(numbers.subarray(m * k).map((u) => u - 0.5));
    for (const matrix of [rowMajor(a, k), transposed(rowMajor(a, m))]) {
      out.fill(Number.NaN);
      multiplier.multiply(m, n, k, matrix, b, out);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let p = 0; p < k; p++) sum += a[i * matrix.rowStride + p * matrix.columnStride] * b[p * n + j];
          expect(Math.abs(out[i * n + j] - sum)).toBeLessThan(1e-7 * k + 1e-7);
        }
      }
      expect([...guard]).toEqual([0, 0, 0, 0]);
    }
  });

  it.each([
    [1, 4, 1],
    [3, 12, 7],
    [9, 20, 20],
    [6, 64, 33],
  ])('gives the same bits for a packed matrix, whatever rows are beside: %d × %d over %d', (m, n, k) => {
    const multiplier = new Multiplier();
    const [a, b, packed, out, other] = multiplier.arrays([m * k, k * n, packedLength(k, n), m * n, m * n]);
    a.set(uniforms(m, m * k));
    b.set(uniforms(n, k * n));
    for (let row = 0; row < k; row++)
      for (let column = 0; column < n; column++) packed[packedAt(k, row, column)] = b[row * n + column];
    multiplier.multiply(m, n, k, rowMajor(a, k), b, out);
    multiplier.multiplyPacked(m, n, k, rowMajor(a, k), packed, other);
    expect(other).toEqual(out);
    other.fill(0);
    for (let row = 0; row < m; row++)
      multiplier.multiplyPacked(1, n, k, rowMajor(a.subarray(row * k), k), packed, other.subarray(row * n));
    expect(other).toEqual(out);
  });

  it('refuses to move its arrays', () => {
    const multiplier = new Multiplier();
    multiplier.arrays([8]);
    expect(() => multiplier.arrays([8])).toThrow('already allocated');
  });
});
