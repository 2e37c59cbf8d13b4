/** A finished run stays on screen while the form goes on to another experiment; words and looks stay with their own. */
import { expect, test } from 'vitest';
import { presetConfig } from '../../engine/config/run-config.ts';
import { experiments } from '../../workloads/catalog.ts';
import { formExperiment, peekOfForm, runOfForm, shownConfig, shownExperiment } from './shown.ts';
import type { Store } from './types.ts';

const [first, second] = experiments;
const configs = [first, second].map((experiment) => presetConfig(experiment, experiment.presets[0]));
const run = { items: [] } as unknown as NonNullable<Store['run']>;
const peek = { item: 0 } as NonNullable<Store['peek']>;

test('before the first run, all is of the form', () => {
  const store = { run: undefined, ranConfig: undefined, config: configs[1], peek: undefined };
  expect(shownExperiment(store)).toBe(second);
  expect(shownConfig(store)).toBe(configs[1]);
  expect(runOfForm(store)).toBeUndefined();
});

test('a run keeps its experiment’s words when the form goes on to another', () => {
  const store = { run, ranConfig: configs[0], config: configs[1], peek };
  expect(shownExperiment(store)).toBe(first);
  expect(shownExperiment(store).workName).not.toBe(formExperiment(store).workName);
  expect(formExperiment(store)).toBe(second);
});

test('the form’s live views show no look at another experiment’s run, and show it again on the way back', () => {
  const away = { run, ranConfig: configs[0], config: configs[1], peek };
  expect(runOfForm(away)).toBeUndefined();
  expect(peekOfForm(away)).toBeUndefined();
  const back = { ...away, config: { ...configs[0], seed: 7 } };
  expect(runOfForm(back)).toBe(run);
  expect(peekOfForm(back)).toBe(peek);
});

test('a run that could not begin leaves nothing on screen: words are of the form', () => {
  expect(shownExperiment({ run: undefined, ranConfig: configs[0], config: configs[1] })).toBe(second);
});
