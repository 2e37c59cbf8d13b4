import { expect, test } from 'vitest';
import { geneMoments } from '../../../stats/expression/moments.ts';
import { agreementOf, PairSums } from './pair-sums.ts';

const CELLS = 7;
const GENES = 5;
const tokens = Uint8Array.from({ length: CELLS * GENES }, (_, i) => (i * i * 7 + 3 * i) % 6);

function sumsOf(columns: readonly number[]): PairSums {
  const sums = new PairSums(columns);
  for (let cell = 0; cell < CELLS; cell++) sums.add(tokens, cell * GENES);
  return sums;
}

test('moments cell by cell are those of all cells at once', () => {
  const all = geneMoments({ values: tokens, dim: GENES });
  const { mean, covariance, cells } = sumsOf([0, 1, 2, 3, 4]).moments();
  expect(cells).toBe(CELLS);
  mean.forEach((value, gene) => {
    expect(value).toBeCloseTo(all.mean[gene], 12);
  });
  covariance.forEach((value, at) => {
    expect(value).toBeCloseTo(all.covariance[at], 12);
  });
});

test('genes come in the order that was asked for', () => {
  const all = sumsOf([0, 1, 2, 3, 4]).moments();
  const some = sumsOf([4, 1]).moments();
  expect([...some.mean]).toEqual([all.mean[4], all.mean[1]]);
  expect(some.covariance[1]).toBe(all.covariance[1 * GENES + 4]);
});

test('cells agree with themselves', () => {
  const moments = sumsOf([0, 1, 2, 3, 4]).moments();
  const { correlationMse, slope, meanR } = agreementOf(moments, moments);
  expect(correlationMse).toBe(0);
  expect(slope).toBeCloseTo(1, 12);
  expect(meanR).toBeCloseTo(1, 12);
});
