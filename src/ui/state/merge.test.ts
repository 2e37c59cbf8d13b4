import { expect, it } from 'vitest';
import type { ResultSummary } from '../../results/kind.ts';
import { Merger } from './merge.ts';

const summary = (index: number, attempts = 1) => ({ info: { index }, attempts }) as ResultSummary;
const told = (summaries: readonly ResultSummary[]) => summaries.map(({ info, attempts }) => [info.index, attempts]);

it('adds results in the order they come, one sampled again in the place of its earlier one', () => {
  const merger = new Merger();
  const first = merger.add([], [summary(4), summary(2)]);
  const second = merger.add(first, [summary(4, 2), summary(7), summary(7, 2)]);
  expect(told(first)).toEqual([
    [4, 1],
    [2, 1],
  ]);
  expect(told(second)).toEqual([
    [4, 2],
    [2, 1],
    [7, 2],
  ]);
  expect(merger.add(second, [])).toBe(second);
});

it('finds the places anew where others have put results on the page', () => {
  const merger = new Merger();
  merger.add([], [summary(0), summary(1), summary(2)]);
  const opened = [summary(2), summary(0)];
  expect(told(merger.add(opened, [summary(0, 3), summary(1)]))).toEqual([
    [2, 1],
    [0, 3],
    [1, 1],
  ]);
});
