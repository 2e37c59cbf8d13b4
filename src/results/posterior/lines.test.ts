import { expect, test } from 'vitest';
import { summarizeIndependent } from '../../stats/summary.ts';
import type { ItemSummary } from './item-summary.ts';
import { posteriorLines } from './lines.ts';

const one = { ...summarizeIndependent([1, 2, 3]), name: 'a', rhat: 1, essBulk: 1000, essTail: 1000 };

function summary(changes: Partial<ItemSummary> = {}, parameter: Partial<typeof one> = {}): ItemSummary {
  return {
    info: { index: 0, runId: 'r', seed: 1, truth: {} },
    parameters: [{ ...one, ...parameter }],
    fit: { mean: [], sd: [], chi2: Number.NaN },
    acceptance: 0.8,
    divergences: 0,
    divergenceFraction: 0,
    bfmi: [1],
    gradients: 1,
    attempts: 1,
    converged: false,
    problems: ['a check'],
    ...changes,
  };
}

const hints = (...summaries: ItemSummary[]) =>
  posteriorLines(summaries, {})
    .find((line) => line.includes('failures.json'))
    ?.replace(/^.*failures\.json\. /, '');

const [STEP, ENERGY, WARMUP, DRAWS] = [
  'A smaller step size avoids divergences.',
  'Against a low E-BFMI more draws do not help: longer trajectories may.',
  'Chains that disagree (R̂) want a longer warm-up and more draws.',
  'More draws raise the effective sample size.',
];

test('hints follow what was missed: no word of step sizes where nothing diverged', () => {
  expect(hints(summary({}, { essTail: 300 }))).toBe(DRAWS);
  expect(hints(summary({ divergences: 3 }))).toBe(STEP);
  expect(hints(summary({ bfmi: [0.9, 0.2] }))).toBe(ENERGY);
  expect(hints(summary({}, { rhat: 1.02 }))).toBe(WARMUP);
  expect(hints(summary({}, { rhat: Number.NaN, essBulk: Number.NaN, essTail: Number.NaN }))).toBe(
    'Chains that never move take steps that are too long.',
  );
  expect(hints(summary({ divergences: 1 }), summary({}, { rhat: 1.5, essBulk: 5 }))).toBe(
    [STEP, WARMUP, DRAWS].join(' '),
  );
});

test('what the model does not describe is not mended by sampling', () => {
  const hopeless = summary({ misfit: true, notAgain: 'so it is' }, { rhat: 1.5, essBulk: 5 });
  expect(hints(hopeless)).toBe('Where the model does not describe the data, no way of sampling helps.');
});

test('a pooled bias of what the model does not describe is not to be believed; of places it is an offset', () => {
  const items = [23.6, 23.8, 24.3, 24.4].map((truth, index) =>
    summary(
      { info: { index, runId: `r${index}`, seed: index, truth: { a: truth } }, converged: true, misfit: index === 2 },
      { mean: truth + 0.01, sd: 0.01 },
    ),
  );
  const lines = posteriorLines(items, { places: ['a'] });
  // Every estimate is 0.01 beyond its truth: counted from the corner of the image the slope's error would stand there, 24 times over.
  const [bias, doubt] = lines.slice(1);
  expect(bias).toMatch(
    /^ {2}a: m = [-+]\d\.\d\de-1\d ± 1\.5e-2, c = \+1\.00e-2 ± 5\.0e-3 \(4 items, from the mean truth\)$/,
  );
  expect(doubt).toBe('  Not to be believed: model and noise do not describe the observation of 1 of 4.');
  expect(lines.find((line) => line.startsWith('Converged'))).toContain(
    '4 of 4; model and noise do not describe the observation of 1 of 4',
  );
});
