import { expect, test } from 'vitest';
import { biasResults, type MeasuredRun } from '../../../results/posterior/run-statistics.ts';
import { runStatistics } from '../../../results/posterior/statistics.ts';
import { shearPosterior } from '../posterior.ts';
import { biasResultsJson } from './bias-results.ts';
import { shineForms } from './forms.ts';
import { levelOf } from './levels.ts';

/** Items of one true shear, told by mean and width alone. */
const drawn = [0.011, 0.022, 0.018, 0.025].map((mean, i) => ({
  runId: `run_${i}`,
  seed: i,
  estimates: ['g1', 'g2'].map((name) => ({ name, mean: name === 'g1' ? mean : 0.001 * i, sd: 0.03, essBulk: 300 })),
}));
const priors = { g1: { mean: 0, sigma: 0.05 }, g2: { mean: 0, sigma: 0.05 } };

test('bias_results.json: level 0 takes all items, higher levels those that passed; what does not exist is null', () => {
  const items = drawn
    .slice(0, 4)
    .map((each, i) => ({ ...each, truth: { g1: 0.02, g2: 0 }, unfit: false, passed: i > 0 }));
  const statistics = runStatistics(items, { priors, truthsFromPrior: false });
  const json = (level: 'level_0' | 'level_1') => JSON.parse(biasResultsJson({ level, items, statistics }));
  const zero = json('level_0');
  expect(zero).toMatchObject({ n_realizations: 4, n_converged: 4, bias_g2: [] });
  const [{ mean, sd }] = items[0].estimates;
  expect(zero.bias_g1[0]).toEqual({ run_id: 'run_0', m: mean / 0.02 - 1, m_err: sd / 0.02, c: 0, c_err: sd });
  expect(zero.pooled.parameters.g1).toMatchObject({ naive: null, corrected: { m: null }, sbc: null });
  expect(json('level_1')).toMatchObject({ n_converged: 3, bias_g1: [] });
  const none = JSON.parse(biasResultsJson({ level: undefined, items, statistics }));
  expect(Object.keys(none)).toEqual(Object.keys(zero));
  expect(none).toMatchObject({
    level: null,
    overall_passed: null,
    acceptance: null,
    n_converged: 3,
    bias_g1: [],
  });
});

test('without truths nothing was compared, and nothing passed', () => {
  const items = drawn.map((each) => ({ ...each, truth: {}, unfit: false, passed: true }));
  const statistics = runStatistics(items, { priors, truthsFromPrior: false });
  const json = JSON.parse(biasResultsJson({ level: 'level_0', items, statistics }));
  expect(json).toMatchObject({ n_converged: 4, overall_passed: null, acceptance: null });
});

test('a run is judged by the level that its experiment names, and by none where it names none', () => {
  const run: MeasuredRun = { preset: 'level1', params: {}, ownData: false, summaries: [] };
  const level = (forms = shineForms()) => JSON.parse(biasResults(run, shearPosterior, forms)).level;
  expect(level(shineForms(levelOf))).toBe('level_1');
  expect(level()).toBeNull();
});
