/** What the views of the flow say of what could not be had, and for how long. */
import { expect, test, vi } from 'vitest';
import { presetConfig } from '../../../engine/config/run-config.ts';
import { EngineError } from '../../../worker/client.ts';
import { flowExperiment } from '../experiment.ts';
import { deviceFree, loadFilm, measureLadder } from './actions.ts';
import { problemKey } from './keys.ts';
import { useFlow } from './store.ts';

const page = vi.hoisted(() => ({ files: {}, refusal: { name: '', message: '' } }));
vi.mock('../../../ui/state/store.ts', () => ({ useStore: { getState: () => page }, isActive: () => false }));
vi.mock('../../../ui/state/actions.ts', () => ({
  theEngine: () => ({ job: () => Promise.reject(new EngineError(page.refusal)) }),
}));

const config = presetConfig(flowExperiment, flowExperiment.presets[0]);

test('why nothing was measured belongs to the files that it failed with', async () => {
  page.files = { images: { name: 'wrong.csv' } };
  page.refusal = { name: 'ConfigError', message: 'wrong.csv has shape [2, 2].' };
  await measureLadder(config);
  const { measureProblem } = useFlow.getState();
  expect(measureProblem).toMatchObject({ words: 'wrong.csv has shape [2, 2].' });
  expect(measureProblem?.problem).toBe(problemKey(config, page.files, 0));
  expect(measureProblem?.problem).not.toBe(problemKey(config, { images: { name: 'good.csv' } }, 0));
});

test('a device that is free again takes back that it was busy, and nothing else', async () => {
  page.refusal = { name: 'NotNowError', message: 'A network is being trained; cannot look at the flow.' };
  await loadFilm(config);
  expect(useFlow.getState().problem).toContain('is being trained');
  deviceFree();
  expect(useFlow.getState().problem).toBeUndefined();
  page.refusal = { name: 'ConfigError', message: 'wrong.csv has shape [2, 2].' };
  await loadFilm(config);
  deviceFree();
  expect(useFlow.getState().problem).toContain('wrong.csv');
});
