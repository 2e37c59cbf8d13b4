import { describe, expect, it } from 'vitest';
import { uniforms } from '../fixtures/draws.ts';
import {
  detectionSums,
  duplicateTokenScore,
  inductionScore,
  tensorScopeInduction,
  tensorScopeInductionSums,
} from './induction.ts';
import { headMean } from './pattern.ts';
import { addPatternSums, NO_PATTERN, patternMeans, patternSums, tensorScopeEntropy } from './pattern-statistics.ts';
import { rollout, tensorScopeRollout } from './rollout.ts';

/** A causal pattern in which every query looks where `share` says; rows past `length` are 0. */
function pattern(width: number, length: number, share: (t: number, k: number) => number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(width * width);
  for (let t = 0; t < length; t++) for (let k = 0; k <= t; k++) out[t * width + k] = share(t, k);
  return out;
}
const uniform = (width: number, length = width) => pattern(width, length, (t) => 1 / (t + 1));
const back = (width: number, by: number) => pattern(width, width, (t, k) => (k === Math.max(0, t - by) ? 1 : 0));
function random(seed: number, width: number): Float64Array<ArrayBuffer> {
  const u = uniforms(seed, width * width);
  const sums = Array.from({ length: width }, (_, t) =>
    u.subarray(t * width, t * width + t + 1).reduce((s, v) => s + v, 0),
  );
  return pattern(width, width, (t, k) => u[t * width + k] / sums[t]);
}

describe('patterns in numbers', () => {
  it('of uniform attention', () => {
    const means = patternMeans(patternSums(uniform(6, 4), 6, 4));
    // Queries 1, 2, 3 of four tokens.
    expect(means.queries).toBe(3);
    expect(means.entropy).toBeCloseTo((Math.log(2) + Math.log(3) + Math.log(4)) / 3, 14);
    expect(means.entropyOverChoices).toBeCloseTo(1, 14);
    expect(means.distance).toBeCloseTo((0.5 + 1 + 1.5) / 3, 14);
    expect(means.firstToken).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 4) / 3, 14);
    expect(means.previousToken).toBeCloseTo(means.firstToken, 14);
  });

  it('of a head that looks one back, and of the sink', () => {
    expect(patternMeans(patternSums(back(5, 1), 5, 5))).toEqual({
      queries: 4,
      entropy: 0,
      entropyOverChoices: 0,
      distance: 1,
      firstToken: 0.25,
      previousToken: 1,
    });
    expect(patternMeans(patternSums(back(5, 9), 5, 5))).toMatchObject({ distance: 2.5, firstToken: 1 });
  });

  it('adds over items, is silent on one token, and reads nothing of the padding', () => {
    const [a, b] = [patternSums(uniform(4), 4, 4), patternSums(back(6, 1), 6, 3)];
    expect(addPatternSums(a, b)).toMatchObject({ queries: 5, previousToken: a.previousToken + 2 });
    expect(addPatternSums(NO_PATTERN, a)).toEqual(a);
    expect(patternMeans(patternSums(uniform(4), 4, 1)).entropy).toBeNaN();
    const padded = uniform(6, 4);
    padded.fill(7, 4 * 6);
    expect(patternSums(padded, 6, 4)).toEqual(patternSums(uniform(6, 4), 6, 4));
    expect(() => patternSums(uniform(4), 4, 5)).toThrow('the item has 5 tokens; the pattern takes 1 to 4');
  });

  it("TensorScope's entropy falls when another text of the batch is longer", () => {
    const at = (width: number) => tensorScopeEntropy(uniform(width, 4), width, 4);
    expect(at(4)).toBeCloseTo((Math.log(2) + Math.log(3) + Math.log(4)) / (4 * Math.log(4)), 14);
    expect(at(8)).toBeLessThan(0.4 * at(4));
  });

  it('heads are meaned', () => {
    expect(Array.from(headMean(Float64Array.of(1, 0, 0, 1, 3, 0, 2, 1), 2))).toEqual([2, 0, 1, 1]);
    expect(() => headMean([1, 2, 3], 2)).toThrow('3 entries are not patterns of 2 × 2');
  });
});

describe('rollout', () => {
  it('by hand for two layers, the later on the left', () => {
    // Layer 0 mixes token 0 into 1; layer 1 mixes 1 into 2.
    const first = pattern(3, 3, (t, k) => (t === 2 ? Number(k === 2) : Number(k === 0)));
    const second = pattern(3, 3, (t, k) => Number(k === (t === 2 ? 1 : t)));
    expect(Array.from(rollout([first, second], 3))).toEqual([1, 0, 0, 0.5, 0.5, 0, 0.25, 0.25, 0.5]);
  });

  it('keeps rows that sum to 1, and the future closed; the double softmax opens it', () => {
    const layers = [random(1, 9), random(2, 9), random(3, 9)];
    const [ours, theirs] = [rollout(layers, 9), tensorScopeRollout(layers, 9)];
    for (let t = 0; t < 9; t++) {
      for (const mixed of [ours, theirs])
        expect(mixed.subarray(t * 9, t * 9 + 9).reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 13);
      for (let k = t + 1; k < 9; k++) {
        expect(ours[t * 9 + k]).toBe(0);
        expect(theirs[t * 9 + k]).toBeGreaterThan(0.02);
      }
    }
    expect(Array.from(rollout([], 2))).toEqual([1, 0, 0, 1]);
    expect(() => rollout([[1]], 2)).toThrow('a pattern of 1 entries is not 2 × 2');
  });
});

describe('copying heads', () => {
  const ids = [1, 5, 9, 7, 5, 9, 7];
  const [width, period] = [7, 3];

  it('an induction head looks behind the same token, a duplicate-token head at it', () => {
    const [induction, duplicate] = [back(width, period - 1), back(width, period)];
    expect(inductionScore(induction, width, period)).toBe(1);
    expect(duplicateTokenScore(induction, width, period)).toBe(0);
    expect(duplicateTokenScore(duplicate, width, period)).toBe(1);
    expect(inductionScore(duplicate, width, period)).toBe(0);
    // Queries 4, 5, 6 have 5, 6, 7 choices.
    expect(inductionScore(uniform(width), width, period)).toBeCloseTo((1 / 5 + 1 / 6 + 1 / 7) / 3, 14);
    expect(() => inductionScore(induction, width, 4)).toThrow('the item has 9 tokens; the pattern takes 1 to 7');
  });

  it("TransformerLens' share of all attention", () => {
    const share = (of: Float64Array, kind: 'induction' | 'duplicate' | 'previous') => {
      const { matched, all } = detectionSums(of, width, ids, kind);
      return matched / all;
    };
    // Three of seven queries have an earlier copy.
    expect(share(back(width, 2), 'induction')).toBeCloseTo(3 / 7, 14);
    expect(share(back(width, 3), 'duplicate')).toBeCloseTo(3 / 7, 14);
    expect(share(back(width, 1), 'previous')).toBeCloseTo(6 / 7, 14);
    expect(share(back(width, 1), 'duplicate')).toBe(0);
    // A token that follows itself: the key may be the query.
    expect(detectionSums([1, 0, 0, 1], 2, [4, 4], 'induction')).toEqual({ matched: 1, all: 2 });
  });

  it("TensorScope's score is 1 for a head that does nothing of the kind", () => {
    const score = (of: Float64Array) => tensorScopeInduction(tensorScopeInductionSums(of, width, ids));
    expect(score(uniform(width))).toBeCloseTo(1, 6);
    expect(score(back(width, 3))).toBeCloseTo(1, 6);
    // The true induction head puts nothing where it looks.
    expect(score(back(width, 2))).toBe(0);
    expect(tensorScopeInductionSums(uniform(width), width, ids).matched).toBeCloseTo(1 / 6 + 1 / 7, 14);
  });
});
