import { expect, test } from 'vitest';
import { normalPriors, shearStatistics } from './posterior.ts';
import { levelOf } from './shine/levels.ts';

test('shears have normal priors, as far as a file tells them', () => {
  expect(
    normalPriors({ g1PriorMean: 0.02, g1PriorSigma: 0.05, g2PriorMean: 1, xPriorMean: 1, xPriorSigma: 2 }),
  ).toEqual({
    g1: { mean: 0.02, sigma: 0.05 },
  });
});

test('truths come from the prior where they are asked for, and never with images of the user’s own', () => {
  expect(shearStatistics({ truthSource: 'prior' }, false).truthsFromPrior).toBe(true);
  expect(shearStatistics({ truthSource: 'prior' }, true).truthsFromPrior).toBe(false);
  expect(shearStatistics({ truthSource: 'pairs' }, false).truthsFromPrior).toBe(false);
});

test('a preset named after a level of SHINE is one; the others are judged as level 0', () => {
  expect(['level0', 'level1', 'level2', 'quick', 'level0-ngmix'].map(levelOf)).toEqual([
    'level_0',
    'level_1',
    'level_2',
    'level_0',
    'level_0',
  ]);
});
