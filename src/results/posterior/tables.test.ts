import { expect, test } from 'vitest';
import { normalQuantile } from '../../stats/normal.ts';
import { basicRhat } from '../../stats/rhat.ts';
import type { PosteriorItem } from './item.ts';
import { passesLooser } from './item-summary.ts';
import { posteriorLines } from './lines.ts';
import { summarizeItem } from './summary.ts';
import { convergenceJson, summaryCsv, truthJson } from './tables.ts';

const item = (values: Float64Array): PosteriorItem => ({
  info: { index: 0, runId: 'bent_s7', seed: 7, truth: { a: 0.5, b: Number.NaN } },
  chains: 2,
  draws: values.length / 2,
  parameters: [{ name: 'a', values }],
  stats: [],
  fit: { mean: [], sd: [], chi2: Number.NaN },
  gradients: 1,
});
const moving = item(Float64Array.from({ length: 16 }, (_, i) => Math.sin(i)));
const frozen = item(new Float64Array(16).fill(1));

test('plain JSON says null where there is no number, and leaves out truths that are none', () => {
  expect(JSON.parse(convergenceJson(frozen, summarizeItem(frozen)))).toMatchObject({
    n_chains: 2,
    n_samples: 16,
    n_attempts: 1,
    rhat: { a: null },
    ess: { a: null },
    bfmi: [],
    converged: false,
  });
  expect(JSON.parse(truthJson(moving))).toEqual({ a: 0.5, seed: 7 });
});

test('independent draws have the keys that a reader of chains looks for: R̂ of their halves, their number for ESS', () => {
  const values = Float64Array.from({ length: 400 }, (_, i) => normalQuantile((((i * 157) % 400) + 0.5) / 400));
  const drawn: PosteriorItem = { ...item(values), chains: 1, draws: 400, sampling: 'independent' };
  const json = (of: PosteriorItem) => JSON.parse(convergenceJson(of, summarizeItem(of)));
  expect(json(drawn)).toMatchObject({
    sampling: 'independent',
    rejected_frac: 0,
    n_samples: 400,
    n_chains: 1,
    ess: { a: 400 },
    divergences: 0,
    divergence_frac: 0,
    bfmi: [],
    converged: true,
  });
  // The halves are two chains of 200: the same number as of those.
  expect(json(drawn).rhat.a).toBeCloseTo(basicRhat(values, 2, 200), 12);
  expect(Math.abs(json(drawn).rhat.a - 1)).toBeLessThan(0.01);
  const drifting = values.map((value, i) => value + (i < 200 ? 0 : 1));
  expect(json({ ...drawn, parameters: [{ name: 'a', values: drifting }] }).rhat.a).toBeGreaterThan(1.05);
});

test('the plain table passes by the looser thresholds of the experiment, or by this project’s where it has none', () => {
  const looser = {
    name: 'easy',
    rhatMax: 2,
    essMin: 1,
    divergenceFractionMax: 0,
    bfmiMin: 0,
    parameters: [],
    judges: 'all',
  };
  const passed = (table: string) => table.trim().split('\n')[1].split(',').at(-2);
  expect(passed(summaryCsv([summarizeItem(moving)], []))).toBe('False');
  expect(passed(summaryCsv([summarizeItem(moving, 1, { looser })], []))).toBe('True');
  const header = summaryCsv([summarizeItem(moving)], []).split('\n')[0];
  expect(summaryCsv([], ['a'])).toBe(`${header}\n`);
});

test('a summary that an earlier version kept passes as it did then', () => {
  const { passedLooser: _, ...kept } = summarizeItem(moving, 1);
  expect(passesLooser({ ...kept, passedShine: true })).toBe(true);
  expect(passesLooser({ ...kept, passedShine: false })).toBe(false);
});

test('the lines of a terminal say in words what has no value: chains that never moved', () => {
  const lines = posteriorLines([summarizeItem(frozen)], {}).join('\n');
  expect(lines).toContain('R̂ none (a), ESS none: the chains never moved (a), E-BFMI none');
  expect(lines).not.toMatch(/undefined|NaN|Infinity/);
  expect(posteriorLines([summarizeItem(moving)], {}).join('\n')).toMatch(/ESS down to \d+ \(a\)/);
});
