import { expect, test, vi } from 'vitest';
import { parseRunConfig } from '../../engine/config/run-config.ts';
import type { Store } from './types.ts';

vi.stubGlobal('window', { location: { search: '', pathname: '/' }, history: { state: null } });
const { whyNotRun } = await import('./why-not.ts');

const store = (change: object) =>
  ({ device: { mode: 'cpu' }, fieldErrors: {}, config: parseRunConfig({}), status: 'idle', ...change }) as Store;

test.each([
  [{}, undefined],
  [{ status: 'done' }, undefined],
  [{ status: 'paused' }, 'A run is in progress.'],
  [{ device: undefined }, 'The adapter is being opened.'],
  [{ device: undefined, engineTrouble: { gone: true } }, 'The engine has ended: start it again first.'],
  [{ tuning: { state: 'tuning' } }, 'The tuner is at work: cancel it, or wait for its end.'],
  [
    { fieldErrors: { 'params.noiseSigma': '-1 is too small: it must be above 0.' } },
    expect.stringMatching(/^A setting must be put right first\. [A-Z][^:]+: -1 is too small: it must be above 0\.$/),
  ],
  [
    { fieldErrors: { 'batch.size': 'Give a whole number from 1 up.' } },
    'A setting must be put right first. Batch size: Give a whole number from 1 up.',
  ],
])('with %o Run is grey because: %s', (change, words) => {
  expect(whyNotRun(store(change))).toEqual(words);
});

test('what the engine says of a field by its label is not labelled twice', () => {
  const message = 'True shears g1 (shearGrid): a pair at ±0 is the same image twice.';
  expect(whyNotRun(store({ fieldErrors: { 'params.shearGrid': message } }))).toBe(
    `A setting must be put right first. ${message}`,
  );
});
