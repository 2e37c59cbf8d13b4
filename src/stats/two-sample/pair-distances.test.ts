import { describe, expect, it } from 'vitest';
import { fixtureCells } from '../expression/fixtures/cells.ts';
import { assign } from './assignment.ts';
import { points } from './fixtures/points.ts';
import { multipliesExactly } from './integer-products.ts';
import { medianGamma, namedMmd } from './kernel-mmd.ts';
import { meanSlicedWasserstein } from './mean-sliced-wasserstein.ts';
import { pairDistanceSteps } from './pair-distances.ts';
import { finish } from './steps.ts';
import { exactWasserstein, sinkhornDistance } from './transport.ts';

/** More points than a block has rows, and no multiple of its columns. */
const [a, b] = [fixtureCells(1, 531, 9, 1.5), fixtureCells(2, 70, 9, 1)];
/** Halves are no whole numbers and still exact, so that the same distances go the other way. */
const halved = (cells: typeof a) => ({ values: Float64Array.from(cells.values, (v) => v + 0.5), dim: cells.dim });

describe('distances of pairs', () => {
  it.each([
    ['between samples', a, b],
    ['within one', a, a],
  ])('%s are the same through whole-number products and through f64', (_, x, y) => {
    const [p, q] = [halved(x), halved(y)];
    const whole = finish(pairDistanceSteps(x, y));
    const direct = finish(pairDistanceSteps(p, x === y ? p : q));
    // Sums of whole numbers, whatever their order.
    for (const kernel of [() => 1, (square: number) => square, (square: number) => square % 7]) {
      expect(whole.sum(kernel)).toBe(direct.sum(kernel));
    }
    expect(whole.sum(() => 1)).toBe(x === y ? (531 * 530) / 2 : 531 * 70);
  });

  it('leave the multiplier where its sums could round', () => {
    const large = (value: number) => ({ values: [value, 1], dim: 2 });
    expect(multipliesExactly(large(2896), large(2896), 2)).toBe(true);
    expect(multipliesExactly(large(2897), large(2897), 2)).toBe(false);
    expect(multipliesExactly(large(-1), large(1), 2)).toBe(false);
    expect(multipliesExactly(large(0.5), large(1), 2)).toBe(false);
  });
});

describe('the three MMD²', () => {
  it('differ on the same samples, and know equal ones', () => {
    const values = (['st3', 'scldm', 'cfgen'] as const).map((name) => namedMmd(name, a, b, 1));
    expect(new Set(values).size).toBe(3);
    const same = { values: a.values.slice(), dim: a.dim };
    for (const name of ['scldm', 'cfgen'] as const) expect(namedMmd(name, a, same, 1)).toBeCloseTo(0, 12);
    // Unbiased: pairs of a cell with itself count between the samples and not within.
    expect(namedMmd('st3', a, same, 1)).toBeLessThan(0);
  });

  it('takes γ = 1 where all points coincide, and chooses cells by the seed', () => {
    const still = { values: new Uint8Array(20), dim: 2 };
    expect(medianGamma(still, still, 1)).toBe(1);
    expect(medianGamma(a, b, 1)).toBe(medianGamma(a, b, 1));
    expect(medianGamma(a, b, 1)).not.toBe(medianGamma(a, b, 2));
  });
});

describe('transport', () => {
  it('pairs rows and columns of a known table, with prices that prove it', () => {
    const costs = Float64Array.of(4, 1, 3, 2, 0, 5, 3, 2, 2);
    const { columns, cost, rowPrices, columnPrices } = assign(costs, 3);
    expect([cost, ...columns]).toEqual([5, 1, 0, 2]);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) expect(rowPrices[i] + columnPrices[j]).toBeLessThanOrEqual(costs[3 * i + j] + 1e-12);
      expect(rowPrices[i] + columnPrices[columns[i]]).toBeCloseTo(costs[3 * i + columns[i]], 12);
    }
    expect(() => assign(Float64Array.of(1, Number.NaN, 1, 1), 2)).toThrow('not finite');
  });

  it('in one dimension pairs sorted points; a moved sample costs the move', () => {
    const [x, y] = [points(5, 60, 1), points(6, 60, 1, 2)];
    const sorted = [x, y].map(({ values }) => Float64Array.from(values).sort());
    const mean = (power: number) => sorted[0].reduce((sum, v, i) => sum + Math.abs(v - sorted[1][i]) ** power, 0) / 60;
    expect(exactWasserstein(x, y, 1)).toBeCloseTo(mean(1), 12);
    expect(exactWasserstein(x, y, 2)).toBeCloseTo(Math.sqrt(mean(2)), 12);
    const far = points(5, 60, 3);
    const moved = { values: Array.from(far.values, (v) => v + 10), dim: 3 };
    expect(exactWasserstein(far, moved, 2)).toBeCloseTo(10 * Math.sqrt(3), 12);
    expect(meanSlicedWasserstein(far, moved, 1)).toBeLessThan(10 * Math.sqrt(3));
  });

  it('with an entropy term nears the exact distance from above as the term vanishes', () => {
    const [x, y] = [points(7, 20, 2), points(8, 20, 2, 1, 3)];
    const exact = exactWasserstein(x, y, 2);
    const [wide, narrow] = [2, 0.2].map((reg) => sinkhornDistance(x, y, 2, reg).distance);
    expect(wide).toBeGreaterThan(narrow);
    expect(narrow).toBeGreaterThan(exact);
    // ⟨P, C⟩ is at most the exact cost + reg ln n.
    expect(narrow ** 2).toBeLessThan(exact ** 2 + 0.2 * Math.log(20));
    expect(() => sinkhornDistance(x, points(8, 19, 2))).toThrow('equally many');
  });
});
