import { expect, test } from 'vitest';
import type { NamedThresholds } from '../../../../results/posterior/options.ts';
import { VERDICT_ORDER, verdictOf, verdictTexts, verdictWord } from './verdict.ts';

const EASY: NamedThresholds = {
  name: 'EASY',
  rhatMax: 1.1,
  essMin: 10,
  divergenceFractionMax: 1,
  bfmiMin: 0,
  parameters: [],
  judges: 'all',
};

test('the words of looser thresholds are those of their experiment', () => {
  expect(verdictTexts(EASY).looser).toMatchObject({
    label: 'EASY’s only',
    about: 'passes EASY’s looser thresholds, not ours',
  });
  expect(verdictTexts(EASY).failed.about).toBe('passes neither');
  expect(JSON.stringify(verdictTexts(undefined))).not.toContain('EASY');
  expect(verdictWord('converged', true, undefined)).toBe('complete');
});

test('every verdict has its place in the legend', () => {
  const texts = verdictTexts(EASY);
  expect([...VERDICT_ORDER].sort()).toEqual(Object.keys(texts).sort());
  expect(new Set(Object.values(texts).map(({ symbol }) => symbol)).size).toBe(VERDICT_ORDER.length);
});

test('without looser thresholds an item converges or fails; a rescued one says so', () => {
  const summary = { converged: false, attempts: 2 };
  expect(verdictOf(summary)).toBe('failed');
  expect(verdictOf({ ...summary, passedLooser: true })).toBe('looser');
  expect(verdictOf({ ...summary, passedLooser: false })).toBe('failed');
  // Kept by an earlier version.
  expect(verdictOf({ ...summary, passedShine: true })).toBe('looser');
  expect(verdictOf({ ...summary, converged: true })).toBe('rescued');
});

test('what model and noise do not describe is never green, whether the chains converged or not', () => {
  const residuals = {
    neighbours: [],
    border: { value: 1, sd: 1 },
    varianceRatio: 10,
    correlated: true,
    scatters: false,
  };
  const fit = { mean: [], sd: [], chi2: 1, residuals };
  expect(verdictOf({ converged: true, attempts: 1, misfit: true })).toBe('misfit');
  expect(verdictOf({ converged: true, attempts: 2, misfit: false, fit })).toBe('misfit');
  expect(verdictOf({ converged: false, passedLooser: true, attempts: 1, misfit: true })).toBe('misfit');
  expect(verdictOf({ converged: false, attempts: 1, misfit: true })).toBe('failed');
  expect(verdictOf({ converged: true, attempts: 1, misfit: false })).toBe('converged');
});
