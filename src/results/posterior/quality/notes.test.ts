import { expect, test } from 'vitest';
import { metricsJson } from './metrics-json.ts';
import { qualityNotes } from './notes.ts';
import type { ItemQuality, RunQuality } from './types.ts';

const both = { value: 0.5, control: 0.5 };
const means = { c2st: both, mmd2: both, slicedW2: both, outsidePrior: 0 };
const item = (index: number): ItemQuality => ({
  ...{ index, runId: `x_${index}`, points: 1000, ...means },
  parameters: [{ name: 'a', meanShift: 0.1, sdRatio: 1 }],
  meanShiftError: 0.01,
});
const ofSeven = (compared: number, failed: RunQuality['failed'] = []): RunQuality => ({
  ...{ size: 'full', items: 7, failed, calibration: null },
  compared: Array.from({ length: compared }, (_, i) => item(i)),
  mean: { ...means, largestMeanShift: 0.1, worstSdRatio: 1 },
});

test('the observations that were scored are counted and named, in the terminal as in metrics.json', () => {
  const [first] = qualityNotes(ofSeven(5));
  expect(first).toContain('means over the first 5 of 7 observations (x_0, x_1, x_2, x_3, x_4), 1000 points');
  const { n_compared, n_observations, observations } = JSON.parse(metricsJson(ofSeven(5)));
  expect([n_compared, n_observations]).toEqual([5, 7]);
  expect(observations.map(({ run_id }: { run_id: string }) => run_id)).toEqual(['x_0', 'x_1', 'x_2', 'x_3', 'x_4']);
  expect(qualityNotes({ ...ofSeven(2), items: 2 })[0]).toContain('means over 2 observations (x_0, x_1), 1000');
});

test('those that could not be are not among them', () => {
  const notes = qualityNotes(ofSeven(4, [{ index: 4, runId: 'x_4', reason: 'no draw fell inside the prior' }]));
  expect(notes[0]).toContain('means over 4 of the first 5 of 7 observations (x_0, x_1, x_2, x_3), 1000');
  expect(notes).toContain('Left out, not compared: x_4: no draw fell inside the prior.');
});
