import { expect, test } from 'vitest';
import { normalQuantile } from '../../stats/normal.ts';
import { keyOfSeed, threefry2x32, uniform01 } from '../../stats/threefry.ts';
import type { ItemSummary } from './item-summary.ts';
import { misfitClause, misfitLines, widthWords } from './misfit.ts';
import { pooledResiduals } from './pooled-residuals.ts';
import { judgedResiduals } from './residuals.ts';
import { summarizeItem } from './summary.ts';

const SD = 1 / 40;
/** Standard normals by place. */
const normal = (item: number, k: number) => normalQuantile(uniform01(threefry2x32(keyOfSeed(7), [item, k])[0]));

interface Given {
  readonly rho?: number;
  readonly border?: number;
  readonly chi2?: number;
  readonly seed?: number;
  readonly ratio?: number;
}

/** An item whose residuals are noise of that correlation, and of that size at the border, as seen on 40² data. */
function item(index: number, { rho = 0, border = 1, chi2 = 1600, seed = index, ratio = 1 }: Given = {}): ItemSummary {
  const residuals = judgedResiduals({
    neighbours: ['x', 'y'].map((along, k) => ({ along, value: rho + SD * normal(seed, k), sd: SD })),
    border: { value: border * (1 + 0.03 * normal(seed, 2)), sd: 0.03 },
    varianceRatio: ratio,
  });
  const values = Float64Array.from({ length: 16 }, (_, i) => Math.sin(i));
  return summarizeItem({
    info: { index, runId: `r${index}`, seed, truth: {} },
    chains: 2,
    draws: 8,
    parameters: [{ name: 'a', values }],
    stats: [],
    fit: { mean: [0], sd: [1], chi2, dataCount: 1600, residuals },
    gradients: 1,
  });
}

const run = (count: number, given: Given = {}) => Array.from({ length: count }, (_, i) => item(i, given));
const flagged = (items: readonly ItemSummary[]) => items.filter(({ fit }) => fit.residuals?.correlated).length;

test('correlations too weak for any item are found in the mean of many', () => {
  const weak = run(400, { rho: 0.04, ratio: 1.5 });
  expect(flagged(weak)).toBe(0);
  const pooled = pooledResiduals(weak)!;
  expect(pooled).toMatchObject({ items: 400, correlated: true, scatters: false });
  expect(pooled.neighbours[0].sd).toBeCloseTo(SD / 20, 12);
  // Three of its own errors.
  expect(Math.abs(pooled.neighbours[0].value - 0.04)).toBeLessThan((3 * SD) / 20);
  expect(misfitLines(weak)).toHaveLength(1);
  expect(misfitLines(weak)[0]).toMatch(
    /^The noise of neighbouring data is correlated: 0\.0(39|4\d) ± 0\.001 along x, .* over 400 observations, where 0 is expected\. Intervals are about 1\.2 times too narrow\. Data that were resampled .*$/,
  );
  expect(misfitClause(weak)).toBe('the noise of the observations is not what was given');
});

test('independent noise is not taken for correlated, in 300 runs of 40 items; correlations below 0.01 do not count', () => {
  for (let at = 0; at < 300; at++) {
    const items = Array.from({ length: 40 }, (_, i) => item(i, { seed: 1000 + 40 * at + i }));
    expect(pooledResiduals(items)).toMatchObject({ correlated: false, scatters: false });
  }
  expect(pooledResiduals(run(2000, { rho: 0.007 }))?.correlated).toBe(false);
});

test('items of one seed share their noise and count once', () => {
  const pairs = Array.from({ length: 200 }, (_, i) => item(i, { seed: i >> 1 }));
  expect(pooledResiduals(pairs)?.neighbours[0].sd).toBeCloseTo(SD / 10, 12);
});

test('a few correlated items among many are named, and the run is not blamed', () => {
  const items = [...run(997), ...[997, 998, 999].map((index) => item(index, { rho: 0.3 }))];
  expect(pooledResiduals(items)?.correlated).toBe(false);
  expect(misfitLines(items)[0]).toMatch(/is correlated in 3 of 1000: r997 \(0\.\d+ ± 0\.03 along [xy]\), /);
  expect(misfitClause(items)).toBe('model and noise do not describe the observations of 3 of 1000');
});

test('items that the model misses say nothing of the noise, unless the size of the noise is all that is wrong', () => {
  const missed = run(10, { rho: 0.5, chi2: 16_000 });
  expect(pooledResiduals(missed)).toBeUndefined();
  expect(misfitLines(missed)).toHaveLength(1);
  const noisy = run(10, { border: 10, chi2: 160_000 });
  expect(pooledResiduals(noisy)?.items).toBe(10);
  const [line, ...others] = misfitLines(noisy);
  expect(others).toEqual([]);
  expect(line).toMatch(/scatter by (9\.\d+|10\.?\d*) times the noise that was given: it is the noise that is wrong\./);
});

test('a border that scatters by another size is told, by the run and by item', () => {
  expect(misfitLines(run(50, { border: 1.1 }))[0]).toMatch(
    /^The data at the border scatter by 1\.\d{3} ± 0\.004 times .* Intervals are too narrow by as much\.$/,
  );
  expect(misfitLines([...run(99), item(99, { border: 1.4 })])[0]).toMatch(/in 1 of 100: r99 \(1\.\d\d ± 0\.03 times\)/);
});

test.each([
  [3.16, 'Intervals are about 3.2 times too narrow.'],
  [1.02, 'Intervals hardly change by it.'],
  [0.5, 'Intervals are about 2 times too wide.'],
  [0, 'Intervals are not to be believed.'],
  [Number.NaN, 'Intervals are not to be believed.'],
])('a width factor of %f in words', (factor, words) => {
  expect(widthWords(factor)).toBe(words);
});
