import { expect, test } from 'vitest';
import type { ResultSummary } from '../../../results/kind.ts';
import { plainColumns } from './plain-columns.ts';
import type { PlainKind } from './plain-kind.ts';
import { valueText } from './values.ts';

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

const columnsOf = ({ sum }: Tallied) => [
  { key: 'sum', title: `Sum (${sum > 0 ? 'positive' : 'none'})`, numeric: true, cell: (row: Tallied) => row.sum },
];
const kind: PlainKind<Tallied> = {
  columns: columnsOf,
  verdict: () => '',
  warnings: () => [],
  stored: ({ info }) => ({ info, about: null, arrays: [] }),
};

const row = (of: Tallied, columns = plainColumns(kind, summary(3))) =>
  columns.map(({ title, cell }) => [title, valueText(cell(of))]);

test('an item of any kind has a verdict, its attempts, and what its kind adds', () => {
  expect(row(summary(3))).toEqual([
    ['Verdict', '● passed'],
    ['Attempts', '1'],
    ['Sum (positive)', '3'],
  ]);
});

test('one that did not pass says why', () => {
  expect(row(summary(0, ['nothing counted', 'late']))[0]).toEqual(['Verdict', '✖ nothing counted']);
});

test('a kind that says nothing of its items leaves what holds for any', () => {
  expect(row(summary(3), plainColumns(undefined, summary(3))).map(([title]) => title)).toEqual(['Verdict', 'Attempts']);
});
