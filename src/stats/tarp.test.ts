import { describe, expect, it } from 'vitest';
import { normals, uniforms } from './fixtures/draws.ts';
import { closerShares, coverage, jeffreys, tarp } from './tarp.ts';
import reference from './two-sample/fixtures/reference.json';

/** Posteriors N(m_i, 1) in two dimensions with truths drawn from them, reported as N(m_i + shift, width²). */
function problem(n: number, draws: number, width: number, shift = 0) {
  const centre = normals(51, 2 * n).map((z) => 5 * z);
  const truths = normals(52, 2 * n).map((z, i) => centre[i] + z);
  const sampled = normals(53, 2 * n * draws).map((z, i) => {
    const axis = i % 2;
    return centre[2 * Math.floor(i / (2 * draws)) + axis] + width * z + shift;
  });
  return { truths: { values: truths, dim: 2 }, sampled };
}

describe('TARP', () => {
  it('agrees with NumPy given the references', () => {
    const { n, draws, dim, bins, shares, ecp, atc } = reference.coverage;
    const values = normals(41, n * dim);
    const axes = Array.from({ length: dim }, (_, axis) => values.filter((_, i) => i % dim === axis));
    const box = axes.map((v) => ({ low: Math.min(...v), width: Math.max(...v) - Math.min(...v) }));
    const references = uniforms(43, n * dim).map((u, i) => box[i % dim].low + box[i % dim].width * u);
    const ours = closerShares({ values, dim }, normals(42, n * draws * dim), references, box);
    expect([...ours]).toEqual(shares);
    const result = coverage(ours, draws, bins);
    expect(Math.max(...result.ecp.map((value, bin) => Math.abs(value - ecp[bin])))).toBeLessThan(1e-12);
    expect(result.atc).toBeCloseTo(atc, 12);
  });

  it('finds true posteriors within the band', () => {
    const { truths, sampled } = problem(300, 200, 1);
    const { ks, insideBand, atc, ecp } = tarp(truths, sampled, 1);
    expect(ks.pValue).toBeGreaterThan(0.01);
    expect(insideBand).toBeGreaterThan(0.8);
    expect(Math.abs(atc)).toBeLessThan(1);
    expect([ecp[0], ecp[30]]).toEqual([0, 1]);
  });

  it.each([
    ['too wide', 2, 1],
    ['too narrow', 0.5, -1],
  ] as const)('finds posteriors that are %s, with the sign of ATC', (_, width, sign) => {
    const { truths, sampled } = problem(300, 200, width);
    const { ks, insideBand, atc } = tarp(truths, sampled, 1);
    expect(ks.pValue).toBeLessThan(1e-3);
    expect(insideBand).toBeLessThan(0.6);
    expect(sign * atc).toBeGreaterThan(1);
  });

  it('finds posteriors in the wrong place', () => {
    const { truths, sampled } = problem(300, 200, 1, 1.5);
    expect(tarp(truths, sampled, 1).ks.pValue).toBeLessThan(1e-3);
  });

  it('repeats for a seed and names what does not fit', () => {
    const { truths, sampled } = problem(20, 10, 1);
    expect(tarp(truths, sampled, 7)).toEqual(tarp(truths, sampled, 7));
    expect(() => tarp(truths, sampled.subarray(1), 7)).toThrow('need a multiple of 40');
    expect(() => tarp({ values: [1, 2, 1, 3], dim: 2 }, [0, 0, 0, 0], 7)).toThrow('value 0 is the same');
    expect(() => tarp(truths, sampled, 7, 1)).toThrow('bins');
  });
});

describe('Jeffreys interval', () => {
  it('gives SciPy’s quantiles for 4 of 20 and closes at the ends', () => {
    const [low, high] = jeffreys(4, 20);
    expect(low).toBeCloseTo(0.07152005, 7);
    expect(high).toBeCloseTo(0.40822576, 7);
    expect([jeffreys(0, 10)[0], jeffreys(10, 10)[1]]).toEqual([0, 1]);
  });
});
