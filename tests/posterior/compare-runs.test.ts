import { expect, test } from 'vitest';
import { configDifferences } from '../../src/engine/config/config-differences.ts';
import { parseRunConfig } from '../../src/engine/config/run-config.ts';
import { compareRuns } from '../../src/results/posterior/compare-runs.ts';
import type { ItemSummary } from '../../src/results/posterior/item-summary.ts';

/** A posterior of one parameter `a`. */
function summary(index: number, runId: string, mean: number, mcse: number, sd = 1): ItemSummary {
  const parameter = { name: 'a', mean, mcse, sd, median: mean, sdPopulation: sd, q05: 0, q95: 0 };
  return {
    info: { index, runId, seed: index, truth: {} },
    parameters: [{ ...parameter, rhat: 1, essBulk: 1000, essTail: 1000 }],
    fit: { mean: [mean], sd: [sd], chi2: 0 },
    acceptance: 1,
    divergences: 0,
    divergenceFraction: 0,
    bfmi: [1],
    gradients: 1,
    attempts: 1,
    converged: true,
    passedLooser: true,
    problems: [],
  };
}

test('differences come in units of both Monte Carlo errors, the largest first, unknown ones before all', () => {
  const a = [summary(0, 'p', 1, 0.3), summary(1, 'q', 1, 0.1, 2), summary(2, 'r', 5, 0.1), summary(3, 's', 1, NaN)];
  const b = [summary(0, 'q', 0.5, 0, 1), summary(1, 'p', 2, 0.4), summary(2, 'r', 5, 0.2), summary(3, 's', 2, 1)];
  const { rows, rms, beyond3, identical, matched } = compareRuns(a, b);
  expect(rows.map(({ runId }) => runId)).toEqual(['s', 'q', 'p', 'r']);
  expect(rows.map(({ z }) => z)).toEqual([NaN, -5, 2, 0]);
  expect(rows[1]).toMatchObject({ indexA: 1, indexB: 0, sdRatio: 0.5 });
  expect({ rms, beyond3, identical, matched }).toEqual({
    rms: Math.sqrt(14.5),
    beyond3: 0.5,
    identical: 1,
    matched: 4,
  });
});

test('realizations of one run only are counted, not compared', () => {
  const compared = compareRuns([summary(0, 'p', 1, 1), summary(1, 'q', 1, 1)], [summary(0, 'p', 1, 1)]);
  expect(compared).toMatchObject({ matched: 1, onlyA: 1, onlyB: 0 });
  expect(compared.rows).toHaveLength(1);
});

test('names the settings in which two configurations differ', () => {
  const base = parseRunConfig({ workload: 'shear' });
  expect(configDifferences(base, base)).toEqual([]);
  const changed = { ...base, seed: 7, params: { ...base.params, draws: 777 } };
  expect(configDifferences(base, changed).map(({ field, b }) => [field, b])).toEqual([
    ['seed', '7'],
    ['draws', '777'],
  ]);
});
