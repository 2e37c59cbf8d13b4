import { expect, it } from 'vitest';
import type { Calibration } from '../../../results/posterior/quality/types.ts';
import { c2stVerdict, distanceWords, tarpVerdict } from './quality-words.ts';

it('calls samples good that a classifier tells no better than exact draws, by the error that so many points have', () => {
  expect(c2stVerdict({ value: 0.52, control: 0.5 }, 1000).good).toBe(true);
  expect(c2stVerdict({ value: 0.52, control: 0.5 }, 10_000).good).toBe(false);
  // A control that chance made low is no fault of the samples.
  expect(c2stVerdict({ value: 0.509, control: 0.459 }, 511).good).toBe(true);
  expect(c2stVerdict({ value: 0.55, control: 0.5 }, 1000).words).toContain('slightly');
  expect(c2stVerdict({ value: 0.9, control: 0.5 }, 1000).words).toContain('plainly');
});

it('says of a distance whether chance explains it', () => {
  expect(distanceWords(0.02, 0.01)).toBe('no farther apart than chance has it');
  expect(distanceWords(0.001, 0.01)).toBe('no farther apart than chance has it');
  expect(distanceWords(0.045, 0.01)).toBe('4.5 times as far');
  expect(distanceWords(0.45, 0.01)).toBe('45 times as far');
});

it('says which way regions err', () => {
  const of = (atc: number, ksPValue: number) => tarpVerdict({ tarp: { atc, ksPValue } } as Calibration);
  expect(of(0.2, 0.5).good).toBe(true);
  expect(of(0.2, 0.001).words).toContain('too wide');
  expect(of(-0.2, 0.001).words).toContain('too narrow');
});
