import { describe, expect, it } from 'vitest';
import { threefry2x32, threefryWord, uniform01 } from './threefry.ts';

describe('threefry2x32', () => {
  it("gives Random123's known answers (kat_vectors, threefry2x32 20)", () => {
    expect(threefry2x32([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe]);
    expect(threefry2x32([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toEqual([0x1cb996fc, 0xbb002be7]);
    expect(threefry2x32([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([0xc4923a9c, 0x483df7a0]);
  });

  it("gives jax.random's bits: random_bits(key(1701), 32, (3,)) of JAX's own tests", () => {
    // JAX pads the counters 0, 1, 2 with 0 to an even length, takes the first half as x0 and the second as x1.
    const key = [0, 1701] as const;
    const [a, c] = threefry2x32(key, [0, 2]);
    const [b] = threefry2x32(key, [1, 0]);
    expect([a, b, c]).toEqual([56197195, 4200222568, 961309823]);
  });

  it('gives the same first word without arrays', () => {
    for (let i = 0; i < 50; i++) {
      const [k0, k1, c0, c1] = [1, 2, 3, 4].map((n) => Math.imul(n * 2654435761, i + 1) >>> 0);
      expect(threefryWord(k0, k1, c0, c1)).toBe(threefry2x32([k0, k1], [c0, c1])[0]);
    }
  });

  it('changes about half of the bits when one bit of key or counter changes', () => {
    let changed = 0;
    for (let bit = 0; bit < 32; bit++) {
      const one = 2 ** bit;
      for (const [key, counter] of [
        [
          [one, 7],
          [3, 9],
        ],
        [
          [0, 7],
          [(3 ^ one) >>> 0, 9],
        ],
      ] as [[number, number], [number, number]][]) {
        const [x, y] = threefry2x32(key, counter);
        const [u, v] = threefry2x32([0, 7], [3, 9]);
        changed += popcount(x ^ u) + popcount(y ^ v);
      }
    }
    // 4096 fair coins: sd 32
    expect(Math.abs(changed - 2048)).toBeLessThan(4 * 32);
  });
});

describe('uniform01', () => {
  it('stays inside (0, 1) and is symmetric', () => {
    expect(uniform01(0)).toBe(2 ** -25);
    expect(uniform01(0xffffffff)).toBe(1 - 2 ** -25);
    expect(uniform01(0x12345678) + uniform01(~0x12345678)).toBe(1);
  });
});

function popcount(word: number): number {
  return (word >>> 0).toString(2).replaceAll('0', '').length;
}
