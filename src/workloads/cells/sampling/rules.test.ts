import { describe, expect, test } from 'vitest';
import { sigmaOfSteps } from './network-time.ts';
import { stepOfWord, stepProbabilities, stepThresholds } from './reveal-law.ts';
import { balancedCount, balancedStep, revealProbabilities, timeGrid } from './rules.ts';
import { scheduleOf } from './schedule.ts';

const settings = (rule: 'tweedie' | 'euler' | 'origin', schedule: 'loglinear' | 'geometric', steps: number) =>
  ({ genes: 1, rule, schedule, steps }) as const;

describe('schedules', () => {
  test.each(['loglinear', 'geometric'] as const)('%s: α = e^−σ, and the rate is the derivative of σ', (name) => {
    const { sigma, rate, alpha, masked } = scheduleOf(name);
    for (const t of [1e-3, 0.1, 0.5, 0.9, 0.99]) {
      expect(alpha(t)).toBeCloseTo(Math.exp(-sigma(t)), 14);
      expect(masked(t) + alpha(t)).toBeCloseTo(1, 14);
      const h = 1e-6;
      expect((sigma(t + h) - sigma(t - h)) / (2 * h) / rate(t)).toBeCloseTo(1, 6);
    }
  });

  test('the ends are those of the definitions', () => {
    expect(scheduleOf('loglinear').alpha(1)).toBeCloseTo(1e-3, 15);
    expect(scheduleOf('loglinear').rate(1)).toBeCloseTo(999, 9);
    expect(scheduleOf('geometric').sigma(0)).toBeCloseTo(1e-4, 18);
    expect(scheduleOf('geometric').sigma(1)).toBeCloseTo(20, 13);
  });
});

describe('rules', () => {
  test('Tweedie and Euler agree under log-linear noise: q = (t − s)/t', () => {
    for (const steps of [1, 4, 64, 1000]) {
      const times = timeGrid('tweedie', steps);
      const tweedie = revealProbabilities('tweedie', 'loglinear', steps);
      const euler = revealProbabilities('euler', 'loglinear', steps);
      for (let k = 0; k < steps; k++) {
        const exact = (times[k] - times[k + 1]) / times[k];
        expect(Math.abs(tweedie[k] - exact)).toBeLessThan(1e-14);
        // 1/(e^σ − 1) at σ = 6.9 takes σ's rounding times 7.
        expect(Math.abs(euler[k] - exact)).toBeLessThan(1e-13);
      }
    }
  });

  test('Tweedie leaves masked what the process leaves at the last time', () => {
    for (const schedule of ['loglinear', 'geometric'] as const) {
      const { masked } = scheduleOf(schedule);
      const law = stepProbabilities(settings('tweedie', schedule, 50));
      expect(law[50] / (masked(1e-5) / masked(1))).toBeCloseTo(1, 10);
      expect(law.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
    }
  });

  test('Euler never reveals with more than certainty where the geometric rate times a step exceeds it', () => {
    expect(Math.max(...revealProbabilities('euler', 'geometric', 4))).toBe(1);
  });

  test('the origin reveals 1 − e^(−999/N) in its first step, as the reference says of N = 50, 100, 1000', () => {
    for (const [steps, share] of [
      [50, 1 - 2.1e-9],
      [100, 0.99995414],
      [1000, 0.6317525],
    ])
      expect(revealProbabilities('origin', 'loglinear', steps)[0]).toBeCloseTo(share, 8);
  });

  test('two genes share a step with probability 1/N under log-linear noise, 3.05/N under geometric', () => {
    const shared = (schedule: 'loglinear' | 'geometric') =>
      stepProbabilities(settings('tweedie', schedule, 1000)).reduce((sum, p) => sum + p * p, 0);
    expect(1000 * shared('loglinear')).toBeCloseTo(1, 4);
    expect(1000 * shared('geometric')).toBeCloseTo(3.05, 2);
  });

  test('balanced: ranks fall into step k from ⌊kn/N⌋ on, also where there are more steps than genes', () => {
    for (const [genes, steps] of [
      [200, 64],
      [7, 3],
      [5, 5],
      [3, 10],
      [1, 1],
    ]) {
      const counts = new Array<number>(steps).fill(0);
      let before = -1;
      for (let rank = 0; rank < genes; rank++) {
        const step = balancedStep(rank, genes, steps);
        expect(step).toBeGreaterThanOrEqual(before);
        before = step;
        counts[step]++;
      }
      counts.forEach((count, k) => {
        expect(count).toBe(balancedCount(k, genes, steps));
      });
    }
  });
});

describe('thresholds', () => {
  test.each([
    ['tweedie', 'loglinear', 64],
    ['euler', 'geometric', 16],
    ['origin', 'loglinear', 1000],
    ['tweedie', 'geometric', 1],
  ] as const)('%s, %s, %i steps: intervals of words have the probabilities of the steps', (rule, schedule, steps) => {
    const thresholds = stepThresholds(settings(rule, schedule, steps))!;
    const law = stepProbabilities(settings(rule, schedule, steps));
    let before = 0;
    for (let k = 0; k < steps; k++) {
      const words = thresholds.upTo[k] - before;
      // Both ends are rounded to whole words.
      expect(Math.abs(words / 2 ** 32 - law[k])).toBeLessThanOrEqual(2 ** -32 + 1e-15);
      if (words > 0) {
        expect(stepOfWord(thresholds, before)).toBe(k);
        expect(stepOfWord(thresholds, thresholds.upTo[k] - 1)).toBe(k);
      }
      before = thresholds.upTo[k];
    }
    if (before < 2 ** 32) expect(stepOfWord(thresholds, before)).toBe(steps);
  });
});

test('σ of the steps: from the first on the grid’s, the origin’s denoising at 0.01, ranks by the share still masked', () => {
  const shape = { genes: 8, bins: 3, schedule: 'loglinear', temperature: 1, guidance: 1 } as const;
  const { sigma } = scheduleOf('loglinear');
  expect([...sigmaOfSteps({ ...shape, rule: 'tweedie', steps: 2 })]).toEqual([1, 0.5 + 5e-6, 1e-5].map(sigma));
  expect([...sigmaOfSteps({ ...shape, rule: 'origin', steps: 2 })]).toEqual([sigma(1), sigma(0.5), 0.01]);
  expect([...sigmaOfSteps({ ...shape, rule: 'balanced', steps: 4 })]).toEqual([1, 0.75, 0.5, 0.25].map(sigma));
});
