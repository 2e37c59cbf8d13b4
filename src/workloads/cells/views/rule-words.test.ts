import { expect, test } from 'vitest';
import type { Agreement } from '../jobs/look-types.ts';
import { meansVerdict, number, ruleVerdict, ruleWords, structureVerdict } from './rule-words.ts';

const of = (slope: number, cells = 500, meanR = 0.995): Agreement => ({ cells, slope, meanR, correlationMse: 0.001 });
const floor = of(0.97, 1500, 0.996);

test('structure is kept, too little, or gone', () => {
  expect(structureVerdict(of(0.93), floor)).toMatchObject({ good: true });
  expect(structureVerdict(of(0.6), floor).words).toMatch(/go together too little/);
  expect(structureVerdict(of(-0.01), floor).words).toMatch(/forgets every other: slope −0.01/);
  expect(structureVerdict(of(0.1, 12), floor).words).toMatch(/too few cells/);
});

test('a rule is judged by what its predictor knows', () => {
  expect(ruleVerdict(of(0.6), of(0.63))).toMatchObject({ good: true });
  expect(ruleVerdict(of(0.3), of(0.63)).words).toMatch(/share a step/);
  expect(ruleVerdict(of(0), of(0.63)).words).toMatch(/as if drawn alone/);
});

test('means of few cells may scatter', () => {
  expect(meansVerdict(of(0, 64, 0.95), floor).good).toBe(true);
  expect(meansVerdict(of(0, 1500, 0.95), floor).good).toBe(false);
});

test('rules by name and steps', () => {
  expect(ruleWords('tweedie', 64)).toBe('Tweedie × 64');
  expect(ruleWords('first-hitting', 64)).toBe('First hitting');
  expect(number(-0.001)).toBe('0.00');
});
