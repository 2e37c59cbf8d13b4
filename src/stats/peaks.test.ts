import { describe, expect, it } from 'vitest';
import { normals, uniforms } from './fixtures/draws.ts';
import { sortedCopy } from './order.ts';
import { peaksOf } from './peaks.ts';

const of = (values: ArrayLike<number>) => peaksOf(sortedCopy(values));

describe('peaks of a sample', () => {
  const shapes: [string, (n: number, seed: number) => Float64Array][] = [
    ['normal', (n, seed) => normals(seed, n)],
    ['uniform', (n, seed) => uniforms(seed, n)],
    ['exponential', (n, seed) => uniforms(seed, n).map((u) => -Math.log(u))],
    ['heavy-tailed (Cauchy)', (n, seed) => uniforms(seed, n).map((u) => Math.tan(Math.PI * (u - 0.5)))],
    ['a normal cut off by a prior', (n, seed) => normals(seed, n).map(Math.abs)],
    ['two normals that one hides in the other', (n, seed) => normals(seed, n).map((v, i) => (i % 2 ? v : 0.1 * v))],
    ['two normals two widths apart, with one top', (n, seed) => normals(seed, n).map((v, i) => v + (i % 2 ? 1 : -1))],
    ['rounded', (n, seed) => normals(seed, n).map((v) => Math.round(100 * v) / 100)],
  ];
  it.each(shapes)('are not several where there is one: %s', (_, make) => {
    for (const n of [400, 1000, 10_000])
      for (let seed = 1; seed <= 40; seed++) expect(of(make(n, seed)), `${n} ${seed}`).toBeUndefined();
  });

  it('have the shortest intervals with 95 % of their draws, and their shares', () => {
    for (const n of [400, 1000, 10_000]) {
      // A quarter at −1, the rest at 2, the one twice as wide.
      const found = of(normals(5, n).map((v, i) => (i % 4 === 0 ? -1 + 0.2 * v : 2 + 0.1 * v)))!;
      expect(found.map(({ share }) => share)).toEqual([0.25, 0.75]);
      // ± 1.96 sd; an end scatters by about 0.2 sd of the 100 draws that the smallest peak has.
      const error = 0.6 * Math.sqrt(400 / n);
      for (const [at, sd, { low, high }] of [
        [-1, 0.2, found[0]],
        [2, 0.1, found[1]],
      ] as const) {
        expect(Math.abs((low - at) / sd + 1.96)).toBeLessThan(error);
        expect(Math.abs((high - at) / sd - 1.96)).toBeLessThan(error);
      }
    }
  });

  it('may be three, and lone draws are none', () => {
    const three = of(normals(6, 900).map((v, i) => 10 * (i % 3) + v))!;
    expect(three.map(({ share }) => share)).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(of([...normals(7, 900), 50, 51, 52])).toBeUndefined();
    expect(of(new Float64Array(500).fill(3))).toBeUndefined();
    expect(of(normals(8, 50).map((v, i) => v + 100 * (i % 2)))).toBeUndefined();
  });
});
