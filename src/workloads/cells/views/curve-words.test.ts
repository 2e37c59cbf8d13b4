import { expect, test } from 'vitest';
import { curveVerdict } from './curve-words.ts';

const baselines = [
  { title: 'Predict zero' },
  { title: 'Independent genes', nll: 1.6 },
  { title: 'Mixture of 12', nll: 1.48 },
];

test('what a network beats, and what not yet', () => {
  expect(curveVerdict(1.5, baselines, 'on held-out cells')).toEqual({
    good: false,
    words: 'It beats Independent genes on held-out cells, not yet Mixture of 12: 1.500 nats a gene against 1.480.',
  });
  expect(curveVerdict(1.4, baselines, 'so far')).toEqual({
    good: true,
    words: 'It beats every baseline so far: 1.400 nats a gene, the best of them (Mixture of 12) 1.480.',
  });
  expect(curveVerdict(2, baselines, 'so far')?.words).toMatch(/no baseline yet/);
});

test('before a judgement, or without baselines, nothing is said', () => {
  expect(curveVerdict(undefined, baselines, 'so far')).toBeUndefined();
  expect(curveVerdict(1, [{ title: 'Predict zero' }], 'so far')).toBeUndefined();
});
