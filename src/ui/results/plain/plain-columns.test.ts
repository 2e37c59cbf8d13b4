import { expect, test } from 'vitest';
import type { ResultColumn, ResultSummary } from '../../../results/kind.ts';
import { plainColumns } from './plain-columns.ts';

interface Tallied extends ResultSummary {
  readonly sum: number;
}

const summary = (sum: number, problems: readonly string[] = []): Tallied => ({
  info: { index: 0, runId: 'a', seed: 1, truth: {} },
  attempts: 1,
  converged: problems.length === 0,
  problems,
  sum,
});

const SUM: ResultColumn<Tallied> = { key: 'sum', title: 'Sum', numeric: true, text: (row) => String(row.sum) };

const row = (of: Tallied, columns = plainColumns([SUM as ResultColumn])) =>
  columns.map(({ title, text }) => [title, text(of)]);

test('an item of any kind has a verdict, its attempts, and what its experiment adds', () => {
  expect(row(summary(3))).toEqual([
    ['Verdict', '● passed'],
    ['Attempts', '1'],
    ['Sum', '3'],
  ]);
});

test('one that did not pass says why', () => {
  expect(row(summary(0, ['nothing counted', 'late']))[0]).toEqual(['Verdict', '✖ nothing counted']);
});

test('an experiment that says nothing of its items leaves what holds for any', () => {
  expect(row(summary(3), plainColumns()).map(([title]) => title)).toEqual(['Verdict', 'Attempts']);
});
