import { expect, test } from 'vitest';
import { normalQuantile } from '../../stats/normal.ts';
import { threefry2x32, uniform01 } from '../../stats/threefry.ts';
import { biasResultsJson } from './bias-results.ts';
import { calibrate } from './calibration.ts';
import { runStatistics } from './statistics.ts';
import type { StatisticsItem } from './statistics-item.ts';

const normal = (stream: number, i: number): number => normalQuantile(uniform01(threefry2x32([11, stream], [i, 0])[0]));
const DRAWS = 300;
const SIGMA = 0.04;
const PRIOR = 0.05;
const pairs = { names: ['g1', 'g2'], label: 'pairs' };
const twins = { names: ['g1', 'g2'], opposite: ['e1', 'e2'], label: 'twins' };
const priors = { g1: { mean: 0, sigma: PRIOR }, g2: { mean: 0, sigma: PRIOR } };

/** An item whose posterior is exact: data with error SIGMA under the prior. */
function item(index: number, truth: Record<string, number>, noise: number, seed = index): StatisticsItem {
  const variance = 1 / (SIGMA ** -2 + PRIOR ** -2);
  const parameters = ['g1', 'g2'].map((name, k) => {
    const seen = truth[name] + SIGMA * normal(100 + k, noise);
    const mean = (variance * seen) / SIGMA ** 2;
    return {
      name,
      values: Float64Array.from(
        { length: DRAWS },
        (_, d) => mean + Math.sqrt(variance) * normal(1000 + k, index * DRAWS + d),
      ),
    };
  });
  const calibration = calibrate({ chains: 2, draws: DRAWS / 2, parameters }, truth);
  const estimates = parameters.map(({ name, values }, k) => ({
    name,
    mean: values.reduce((a, b) => a + b) / DRAWS,
    sd: Math.sqrt(calibration.covariance[3 * k]),
    essBulk: DRAWS,
  }));
  return { runId: `run_${index}`, seed, truth, estimates, calibration };
}

const drawn = Array.from({ length: 600 }, (_, i) => item(i, { g1: PRIOR * normal(1, i), g2: PRIOR * normal(2, i) }, i));

test('truths from the prior: naive shrinks, corrected does not, coverage and ranks are right', () => {
  const { parameters } = runStatistics(drawn, { priors, truthsFromPrior: true, pairs, twins });
  expect(parameters.map(({ name }) => name)).toEqual(['g1', 'g2']);
  const shrinkage = -(SIGMA ** 2) / (SIGMA ** 2 + PRIOR ** 2);
  for (const { naive, corrected, coverage, sbc, paired, ring } of parameters) {
    expect(Math.abs(naive!.m - shrinkage)).toBeLessThan(3 * naive!.jackknife.mErr);
    expect(Math.abs(corrected!.m)).toBeLessThan(3 * corrected!.jackknife.mErr);
    expect(Math.abs(corrected!.c)).toBeLessThan(3 * corrected!.jackknife.cErr);
    for (const { observed, level, error, n } of coverage) {
      expect(n).toBe(600);
      expect(Math.abs(observed - level)).toBeLessThan(3 * error);
    }
    expect(sbc!.ks.pValue).toBeGreaterThan(0.01);
    expect(Math.max(...sbc!.ecdfDifference.map(Math.abs))).toBeLessThan(1.2 * sbc!.band);
    expect(sbc!.counts).toHaveLength(16);
    expect([paired, ring]).toEqual([null, null]);
  }
});

test.each([0, Number.NaN])(
  'where all seeds are %d nothing is known of pairs, and errors are those of items of their own',
  (seed) => {
    const context = { priors, truthsFromPrior: true, pairs, twins };
    const known = runStatistics(drawn, context).parameters;
    const unknown = runStatistics(
      drawn.map((each) => ({ ...each, seed })),
      context,
    ).parameters;
    expect(unknown.map(({ naive }) => naive)).toEqual(known.map(({ naive }) => naive));
    expect(unknown.map(({ corrected }) => corrected)).toEqual(known.map(({ corrected }) => corrected));
    expect(unknown[0].naive!.jackknife.mErr).toBeGreaterThan(0);
    expect(unknown.map(({ paired, ring }) => [paired, ring])).toEqual([
      [null, null],
      [null, null],
    ]);
  },
);

test('posteriors that are too narrow are caught by coverage and ranks', () => {
  const narrow = drawn.map((each) => ({
    ...each,
    calibration: { ...each.calibration!, below: each.calibration!.below.map((b) => 0.5 + 2 * (b - 0.5)) },
  }));
  const [{ coverage }] = runStatistics(narrow, { priors, truthsFromPrior: true }).parameters;
  expect(coverage[0].level - coverage[0].observed).toBeGreaterThan(5 * coverage[0].error);
});

test('pairs are found by seed and opposite shear; their noise leaves the response and the jackknife takes both at once', () => {
  const paired = Array.from({ length: 100 }, (_, i) => [
    item(2 * i, { g1: 0.05, g2: 0 }, i, 500 + i),
    item(2 * i + 1, { g1: -0.05, g2: 0 }, i, 500 + i),
  ]).flat();
  const [g1, g2] = runStatistics(paired, { priors, truthsFromPrior: false, pairs }).parameters;
  const shrunk = SIGMA ** -2 / (SIGMA ** -2 + PRIOR ** -2);
  expect(g1.paired!.n).toBe(100);
  expect(Math.abs(g1.paired!.mean - shrunk)).toBeLessThan(3 * g1.paired!.error);
  expect(g1.paired!.error).toBeLessThan(g1.naive!.mErr / 5);
  expect(g1.naive!.jackknife.mErr).toBeLessThan(g1.naive!.mErr / 5);
  expect([g2.paired, g2.naive]).toEqual([null, null]);
});

test('twins are found by consecutive seeds and opposite ellipticity', () => {
  const turned = Array.from({ length: 40 }, (_, i) => {
    const e1 = 0.2 * normal(5, i);
    return [1, -1].map((sign, k) => {
      const each = item(2 * i + k, { g1: 0.02, g2: 0, e1: sign * e1, e2: sign * 0.1 }, 2 * i + k);
      const [g1, ...rest] = each.estimates;
      return { ...each, estimates: [{ ...g1, mean: 0.02 + sign * e1 }, ...rest] };
    });
  }).flat();
  const [{ ring }] = runStatistics(turned, { priors, truthsFromPrior: false, twins }).parameters;
  expect(ring!.n).toBe(40);
  expect(Math.abs(ring!.mean)).toBeLessThan(1e-12);
  expect(ring!.varianceRatio).toBeLessThan(1e-6);
});

test('an item with NaN draws enters nothing and hides nothing', () => {
  const broken: StatisticsItem = {
    ...drawn[0],
    estimates: drawn[0].estimates.map((each) => ({ ...each, mean: Number.NaN, sd: Number.NaN, essBulk: Number.NaN })),
    calibration: {
      covariance: [Number.NaN, 0, 0, Number.NaN],
      below: [Number.NaN, Number.NaN],
      ranks: [Number.NaN, Number.NaN],
      maxRank: 255,
    },
  };
  const context = { priors, truthsFromPrior: true };
  const without = runStatistics(drawn.slice(1), context);
  const withBroken = runStatistics([broken, ...drawn.slice(1)], context);
  expect(withBroken.parameters).toEqual(without.parameters);
  expect(withBroken.items).toBe(600);
});

test('an item of one draw has no interval: it counts as none that missed, and hides no rank', () => {
  const [{ name }] = drawn[0].estimates;
  const single = (index: number): StatisticsItem => {
    const parameters = drawn[index].estimates.map(({ name, mean }) => ({ name, values: Float64Array.of(mean) }));
    return {
      ...drawn[index],
      estimates: drawn[index].estimates.map((each) => ({
        ...each,
        sd: index % 2 ? 0 : Number.NaN,
        essBulk: Number.NaN,
      })),
      calibration: calibrate({ chains: 1, draws: 1, parameters }, drawn[index].truth),
    };
  };
  const context = { priors, truthsFromPrior: true };
  const without = runStatistics(drawn.slice(50), context);
  const among = runStatistics([...drawn.slice(0, 50).map((_, i) => single(i)), ...drawn.slice(50)], context);
  expect(among.parameters).toEqual(without.parameters);
  expect(among.parameters.find((each) => each.name === name)!.coverage[0].n).toBe(550);
  const alone = runStatistics([single(0), single(1)], context);
  expect(alone.parameters.map(({ coverage, sbc }) => [coverage, sbc])).toEqual([
    [[], null],
    [[], null],
  ]);
});

test('bias_results.json: each parameter by its name; what does not exist is null, pairs and twins are left out where there are none', () => {
  const json = JSON.parse(biasResultsJson(runStatistics(drawn.slice(0, 4), { priors, truthsFromPrior: true, pairs })));
  expect(json).toMatchObject({ n: 4, truths_from_prior: true });
  expect(Object.keys(json.parameters)).toEqual(['g1', 'g2']);
  expect(json.parameters.g1).toMatchObject({
    naive: { n: 4 },
    coverage: [{ level: 0.68 }, { level: 0.95 }],
    sbc: null,
  });
  expect(json.parameters.g1).not.toHaveProperty('paired_response');
});

test('a best fit without an interval enters neither coverage nor ranks', () => {
  const items = drawn.slice(0, 30);
  const best = calibrate(
    { chains: 1, draws: 1, parameters: ['g1', 'g2'].map((name) => ({ name, values: [0.031] })) },
    { g1: 0.03, g2: 0.03 },
  );
  const map: StatisticsItem = {
    runId: 'map',
    seed: 1e6,
    truth: { g1: 0.03, g2: 0.03 },
    estimates: ['g1', 'g2'].map((name) => ({ name, mean: 0.031, sd: 0, essBulk: 1 })),
    calibration: best,
  };
  const context = { priors, truthsFromPrior: true };
  const [without, found] = [runStatistics(items, context), runStatistics([...items, map], context)];
  expect(found.parameters.map(({ coverage, sbc }) => [coverage, sbc])).toEqual(
    without.parameters.map(({ coverage, sbc }) => [coverage, sbc]),
  );
});

test('items without a seed leave the jackknife one by one', () => {
  const context = { priors, truthsFromPrior: true };
  const unknown = drawn.slice(0, 40).map((each) => ({ ...each, seed: Number.NaN }));
  expect(runStatistics(unknown, context)).toEqual(runStatistics(drawn.slice(0, 40), context));
});

test('the bias of a place is counted from the mean truth: an offset wherever the image has its corner', () => {
  const at = (corner: number) =>
    drawn.slice(0, 40).map(({ calibration: _, truth, estimates, ...each }) => ({
      ...each,
      truth: { g1: corner + truth.g1 },
      estimates: [{ ...estimates[0], mean: corner + estimates[0].mean }],
    }));
  const bias = (corner: number, places: readonly string[]) =>
    runStatistics(at(corner), { priors: {}, truthsFromPrior: true, places }).parameters[0];
  const [here, there] = [bias(0, ['g1']), bias(24, ['g1'])];
  expect(there.naive!.m).toBeCloseTo(here.naive!.m, 9);
  expect(there.naive!.c).toBeCloseTo(here.naive!.c, 9);
  expect(there.naive!.jackknife.cErr).toBeCloseTo(here.naive!.jackknife.cErr, 9);
  expect(there.origin - 24).toBeCloseTo(here.origin, 9);
  // In absolute places the offset is −24 m and its error 24 times that of the slope.
  expect(Math.abs(bias(24, []).naive!.c)).toBeGreaterThan(10 * Math.abs(there.naive!.c));
});
