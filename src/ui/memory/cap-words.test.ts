import { expect, test } from 'vitest';
import { type CapName, type ChunkCap, SEARCH_LIMIT } from '../../engine/plan/caps.ts';
import { capsSentence } from './cap-words.ts';

const names = { one: 'galaxy', many: 'galaxies' };
const cap = (name: CapName, label: string, largestChunk: number): ChunkCap => ({
  ...{ name, label, largestChunk },
  ...{ unit: 'bytes', limit: 1, used: 1, over: false },
});
const capsOf = (binding: CapName, ...each: ChunkCap[]) => ({ budgetBytes: 1, maxBufferBytes: 1, each, binding });

test('names the cap that binds and the next, whatever their order', () => {
  const [budget, limit] = [cap('budget', 'memory budget', 21_341), cap('binding', 'binding limit', 43_690)];
  const sentence =
    'What binds first is the memory budget: 21,341 galaxies; the binding limit would allow 43,690 galaxies.';
  expect(capsSentence(capsOf('budget', budget, limit), names)).toBe(sentence);
  expect(capsSentence(capsOf('budget', limit, budget), names)).toBe(sentence);
});

test('of equal caps the one that the plan names is said to bind; one item, none and the end of the search have words', () => {
  const [budget, limit] = [cap('budget', 'memory budget', 1), cap('binding', 'binding limit', 1)];
  expect(capsSentence(capsOf('binding', budget, limit), names)).toBe(
    'What binds first is the binding limit: 1 galaxy; the memory budget would allow 1 galaxy.',
  );
  expect(
    capsSentence(capsOf('budget', cap('budget', 'memory budget', 0), cap('binding', 'limit', SEARCH_LIMIT)), names),
  ).toBe('What binds first is the memory budget: 0 galaxies; the limit would allow 16,777,216 galaxies and more.');
  expect(capsSentence({ budgetBytes: 1, maxBufferBytes: 1, each: [] }, names)).toBeUndefined();
});
