import { describe, expect, it } from 'vitest';
import { qualityNotes } from '../../results/posterior/quality/notes.ts';
import { runQualitySteps } from '../../results/posterior/quality/run-quality.ts';
import { finish } from '../../stats/two-sample/steps.ts';
import { exactFlow } from './exact.ts';
import { exactDraws } from './exact-draws.ts';
import { gaussian } from './tasks/gaussian.ts';
import { gaussianMixture } from './tasks/gaussian-mixture.ts';
import { slcp } from './tasks/slcp.ts';
import { twoMoons } from './tasks/two-moons.ts';

/** As many as a comparison asks for. */
const WANTED = 10_000;

describe('draws of an exact posterior', () => {
  it('are those of the task where there is one, at its edge too', () => {
    for (const x of [
      [1, 1.2, 0.6],
      [3.2, 1, 1],
    ])
      expect(exactDraws(gaussian, x, 50, [1, 2])).toEqual(gaussian.samplePosterior(x, 50, [1, 2]));
  });

  it.each([
    ['gaussian, far outside', gaussian, [1, 90, 1]],
    ['gaussian mixture, far outside', gaussianMixture, [400, 0]],
    ['two moons, right of all crescents', twoMoons, [1.07, 0.63]],
    ['SLCP, far outside', slcp, [90, 0, 91, 1, 92, 0.5, 90.5, 2]],
  ] as const)('are refused in words, and soon: %s', (_, task, x) => {
    // Where proposals are tried, no more than 131,072 are.
    expect(() => exactDraws(task, x, WANTED, [1, 2])).toThrow(
      /^there is no exact posterior(, since| to draw from: no proposal of 131,072)/,
    );
  });
});

it('leaves observations without an exact posterior out of the quality of a run, and scores the others', () => {
  const n = 127;
  const items = [
    [-0.64, 0.16],
    [1.07, 0.63],
  ].map((observation, index) => {
    const draws = twoMoons.samplePosterior([-0.64, 0.16], n, [7, index]);
    const parameters = [0, 1].map((i) => ({ name: `theta_${i + 1}`, values: draws.filter((_, at) => at % 2 === i) }));
    return { index, runId: `observation_${index}`, observation, truth: {}, parameters };
  });
  const exact = exactFlow({ task: 'two_moons' });
  const quality = finish(runQualitySteps({ size: 'quick', items, ofItems: 2, exact, truthsFromPrior: false }));
  expect(quality.compared.map(({ index }) => index)).toEqual([0]);
  expect(quality.mean?.c2st.value).toBe(quality.compared[0].c2st.value);
  expect(quality.failed).toMatchObject([{ index: 1, reason: expect.stringContaining('no exact posterior') }]);
  expect(qualityNotes(quality).at(-1)).toMatch(/^Left out, not compared: observation_1: there is no exact posterior/);
});
