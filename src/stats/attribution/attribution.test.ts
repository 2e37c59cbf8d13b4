import { describe, expect, it } from 'vitest';
import { completeness } from './completeness.ts';
import { deletionArea, deletionOrder, deletionTest, randomOrder } from './deletion.ts';
import { gaussLegendre, midpointRule, type Quadrature } from './quadrature.ts';

const integral = ({ nodes, weights }: Quadrature, f: (x: number) => number) =>
  nodes.reduce((sum, x, k) => sum + weights[k] * f(x), 0);

describe('quadrature', () => {
  it('has the published nodes of 2, 3 and 5 points', () => {
    // Abramowitz & Stegun, table 25.4, moved to [0, 1].
    const told: [number, number, number][] = [
      [2, 0.5773502691896257, 1],
      [3, 0.7745966692414834, 0.5555555555555556],
      [5, 0.906179845938664, 0.2369268850561891],
    ];
    for (const [n, x, w] of told) {
      const { nodes, weights } = gaussLegendre(n);
      expect(Math.abs(nodes[n - 1] - (1 + x) / 2)).toBeLessThan(1e-15);
      expect(Math.abs(nodes[0] - (1 - x) / 2)).toBeLessThan(1e-15);
      expect(Math.abs(weights[0] - w / 2)).toBeLessThan(1e-15);
    }
    expect(gaussLegendre(3).nodes[1]).toBe(0.5);
    expect(gaussLegendre(1)).toEqual(midpointRule(1));
  });

  it.each([1, 2, 7, 50, 300])('Gauss of %d nodes is exact up to degree 2n − 1, and not beyond', (n) => {
    const rule = gaussLegendre(n);
    expect(rule.weights.every((weight) => weight > 0)).toBe(true);
    expect(rule.nodes.every((x, k) => x > (k > 0 ? rule.nodes[k - 1] : 0) && x < 1)).toBe(true);
    for (const degree of [0, 1, n, 2 * n - 1]) {
      expect(Math.abs(integral(rule, (x) => x ** degree) * (degree + 1) - 1)).toBeLessThan(1e-11);
    }
    if (n < 8) expect(Math.abs(integral(rule, (x) => x ** (2 * n)) * (2 * n + 1) - 1)).toBeGreaterThan(1e-9);
    expect(Math.abs(integral(rule, Math.exp) - Math.E + 1)).toBeLessThan(n > 5 ? 1e-13 : 0.1);
  });

  it('midpoints are exact for lines, and miss a parabola by 1/(12 n²)', () => {
    const rule = midpointRule(10);
    expect(integral(rule, (x) => 3 * x + 1)).toBeCloseTo(2.5, 14);
    expect(1 / 3 - integral(rule, (x) => x * x)).toBeCloseTo(1 / 1200, 14);
    expect(() => gaussLegendre(0)).toThrow('a rule needs at least one node, got 0');
  });
});

describe('checks of attributions', () => {
  it('completeness gives the residual with its sign', () => {
    const found = completeness([1, -0.5, 2], 4, 2);
    expect(found).toEqual({ sum: 2.5, difference: 2, residual: 0.5, relative: 0.25 });
    expect(completeness([1], 3, 2).relative).toBe(0);
    expect(completeness([1], 2, 2).relative).toBe(Number.POSITIVE_INFINITY);
    expect(completeness([0], 2, 2).relative).toBe(0);
  });

  it('orders go from most to least supporting; random ones are of all tokens, and repeat', () => {
    expect(Array.from(deletionOrder([0.5, -2, 3, 0.5]))).toEqual([2, 0, 3, 1]);
    const draw = randomOrder(40, 3, 1);
    expect(randomOrder(40, 3, 1)).toEqual(draw);
    expect(randomOrder(40, 3, 2)).not.toEqual(draw);
    expect(draw.slice().sort()).toEqual(Uint32Array.from({ length: 40 }, (_, s) => s));
  });

  it('the order of a true attribution falls faster than random ones', () => {
    const weights = Array.from({ length: 12 }, (_, s) => Math.sin(5 * s) + 0.5);
    const curve = (order: ArrayLike<number>) => {
      const left = [...weights];
      const sum = () => left.reduce((whole, w) => whole + w, 0);
      return [
        sum(),
        ...Array.from(order, (s) => {
          left[s] = 0;
          return sum();
        }),
      ];
    };
    expect(deletionArea([4, 2, 0])).toBe(2);
    const found = deletionTest(
      curve(deletionOrder(weights)),
      Array.from({ length: 20 }, (_, draw) => curve(randomOrder(12, 1, draw))),
    );
    expect(found.p).toBe(1 / 21);
    expect(found.area).toBeLessThan(found.randomMean - 2 * found.randomSd);
    expect(deletionTest(curve(deletionOrder(weights.map((w) => -w))), [curve(randomOrder(12, 1, 0))]).p).toBe(1);
    expect(() => deletionArea([1])).toThrow('before and after at least one removal');
  });
});
