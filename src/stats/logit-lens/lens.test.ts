import { describe, expect, it } from 'vitest';
import { klDivergence, readLens } from './lens.ts';

describe('logit lens', () => {
  const logits = [1, 2, 2, 3].map(Math.log);

  it('rank, log p and entropy by hand', () => {
    // p = 1/8, 1/4, 1/4, 3/8.
    const found = readLens(logits, 1);
    expect(found.rank).toBe(2);
    expect(found.logProbability).toBeCloseTo(Math.log(1 / 4), 14);
    const entropy = (Math.log(8) + 4 * Math.log(4) + 3 * Math.log(8 / 3)) / 8;
    expect(found.entropy).toBeCloseTo(entropy, 14);
    expect([readLens(logits, 2).rank, readLens(logits, 3).rank, readLens(logits, 0).rank]).toEqual([2, 1, 4]);
  });

  it('does not see a shift, nor overflow', () => {
    const far = readLens(
      logits.map((z) => z + 1e4),
      1,
    );
    expect(far.logProbability).toBeCloseTo(Math.log(1 / 4), 10);
    const sure = readLens([-2000, 0, -1e6], 1);
    expect(sure).toEqual({ rank: 1, logProbability: 0, entropy: 0 });
    expect(readLens([-2000, 0, -1e6], 0).logProbability).toBe(-2000);
    expect(readLens([0, Number.NaN], 0).rank).toBeNaN();
    expect(() => readLens([0, 0], 2)).toThrow('the target is 2; there are 2 logits');
  });

  it('KL by hand, 0 for equal distributions, and not symmetric', () => {
    const other = [0, 0, 0, 0];
    const told = (Math.log(1 / 2) + 2 * 2 * Math.log(1) + 3 * Math.log(3 / 2)) / 8;
    expect(klDivergence(logits, other)).toBeCloseTo(told, 14);
    expect(klDivergence(other, logits)).toBeCloseTo((Math.log(2) + Math.log(2 / 3)) / 4, 14);
    expect(
      klDivergence(
        logits,
        logits.map((z) => z - 5),
      ),
    ).toBeCloseTo(0, 14);
    expect(klDivergence([0, -1e5], [-1e5, 0])).toBe(1e5);
  });
});
