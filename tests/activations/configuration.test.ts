/** What is said of texts, model and parameters before anything runs, and what is refused. */
import { describe, expect, test } from 'vitest';
import type { LoadedActivations } from '../../src/workloads/activations/load.ts';
import { activationsWorkload } from '../../src/workloads/activations/workload.ts';
import type { Precision } from '../../src/workloads/workload.ts';
import { smallLoaded } from './small-run.ts';

const configuredWith = (params: object, loaded: LoadedActivations = smallLoaded('llama'), precision?: Precision) =>
  activationsWorkload.configure(params as never, { loaded }, precision && { precision });
const concernsOf = (...given: Parameters<typeof configuredWith>) => configuredWith(...given).concerns!();

describe('said', () => {
  test('nothing of texts that are in order', () => {
    expect(concernsOf({ position: 'response[:], prompt[-1]' })).toEqual([]);
  });

  test('that positions are empty, in all texts or in some', () => {
    expect(concernsOf({ position: 'response[5:], prompt[3:5]', maxNewTokens: 4 })).toEqual([
      'response[5:] has no token in any text: there is no mean to be taken.',
      'prompt[3:5] has no token in 2 texts, e.g. "t0": there is no mean to be taken.',
    ]);
  });

  test('that texts are the same, and sides unequal', () => {
    const loaded = smallLoaded('llama', 3);
    const [one, , three] = loaded.texts;
    expect(concernsOf({}, { ...loaded, texts: [one, { ...one, given: { ...one.given, id: 'x' } }, three] })).toEqual([
      expect.stringContaining('Texts are the same: t0 and x.'),
      'There are 3 positive and 0 negative texts: no vector parts one side.',
    ]);
    expect(concernsOf({}, { ...loaded, texts: loaded.texts.slice(0, 3) })).toEqual([
      'There are 2 positive and 1 negative texts: give about as many of each.',
      '1 of 2 questions have texts of one side alone, e.g. "q1". Lines of two lists that stand for one question should have one number.',
    ]);
  });

  test('that a storage holds less than the file', () => {
    expect(concernsOf({}, undefined, 'f16-storage')[0]).toContain('halves hold less');
    expect(concernsOf({}, undefined, 'int8-storage')[0]).toContain('compare with f32 first');
    expect(concernsOf({}, undefined, 'bf16-storage')).toEqual([]);
  });
});

test.each([
  [{ position: 'answer[:5]' }, /Positions \(position\): "answer\[:5\]" begins with no part/],
  [
    { maxNewTokens: 60 },
    /the text "t1" has 8 tokens and 60 new ones, and a small llama has 64 positions.*at most 56 new/,
  ],
  [{ strength: 1 }, /a run is steered by a vector, and there is none/],
  [{ topP: 0 }, /topP/],
])('%j is refused', (params, message) => {
  expect(() => configuredWith(params)).toThrow(message);
});

test('bytes of results are those of their arrays', () => {
  const { resultBytes } = configuredWith({ maxNewTokens: 7, position: 'prompt[-1], all[:]', components: 'all' });
  // Stream of three layers, contributions of two blocks, keys and values of one head of six.
  const row = (3 + 2 + 2) * 18 + 2 * 2 * 6;
  expect(resultBytes).toBe(4 * (7 + 2 * (1 + row)));
});
