/** Measures of quality on samplers whose faults are known. */
import { describe, expect, it, test } from 'vitest';
import type { ExactPosteriors } from '../../src/results/posterior/exact.ts';
import type { PosteriorItem } from '../../src/results/posterior/item.ts';
import { calibrateRun } from '../../src/results/posterior/quality/calibrate-run.ts';
import { compareItemSteps } from '../../src/results/posterior/quality/compare-item.ts';
import { drawsLookedAt, qualityItem } from '../../src/results/posterior/quality/item.ts';
import { runQualitySteps } from '../../src/results/posterior/quality/run-quality.ts';
import {
  COMPARED_ITEMS,
  type ItemQuality,
  type QualityItem,
  type QualityProgress,
} from '../../src/results/posterior/quality/types.ts';
import { finish } from '../../src/stats/two-sample/steps.ts';
import { exactFlow } from '../../src/workloads/flow/exact.ts';
import { gaussian } from '../../src/workloads/flow/tasks/gaussian.ts';
import { twoMoons } from '../../src/workloads/flow/tasks/two-moons.ts';

const moons = exactFlow({ task: 'two_moons' });

/** An observation of the two moons whose "run" is exact draws, changed. */
function drawn(change: (theta: Float64Array, draw: number) => void, n = 1000, index = 0): QualityItem {
  const { theta, x } = twoMoons.observations[index];
  const values = twoMoons.samplePosterior(x, n, [7, index]);
  for (let draw = 0; draw < n; draw++) change(values.subarray(2 * draw, 2 * draw + 2), draw);
  return {
    index,
    runId: `moons_${index}`,
    observation: [...x],
    truth: { theta_1: theta[0], theta_2: theta[1] },
    parameters: [0, 1].map((i) => ({ name: `theta_${i + 1}`, values: values.filter((_, at) => at % 2 === i) })),
  };
}

const shared = new Map();
const compare = (item: QualityItem, controls = shared, points = 1000) =>
  finish(compareItemSteps(item, moons, points, controls));
/** Standard error of an accuracy over n points on either side. */
const noise = (n: number) => Math.sqrt(0.25 / (2 * n));

describe('one posterior against exact draws', () => {
  const sound = compare(drawn(() => undefined));

  it('exact draws are within the noise of every measure', () => {
    for (const value of [sound.c2st.value, sound.c2st.control])
      expect(Math.abs(value - 0.5)).toBeLessThan(4 * noise(1000));
    // The unbiased MMD² of 1,000 equal draws scatters by about 1e-3 with this kernel.
    expect(Math.abs(sound.mmd2.value)).toBeLessThan(3e-3);
    expect(sound.slicedW2.value).toBeLessThan(4 * Math.max(sound.slicedW2.control, 0.02));
    expect(sound.outsidePrior).toBe(0);
    for (const { meanShift, sdRatio } of sound.parameters) {
      expect(Math.abs(meanShift)).toBeLessThan(4 * sound.meanShiftError);
      expect(Math.abs(sdRatio - 1)).toBeLessThan(0.1);
    }
    expect(sound.meanShiftError).toBeCloseTo(Math.sqrt(1 / 1000 + 1 / 10_000), 12);
  });

  it.each([
    ['a shift', (theta: Float64Array) => theta.set([theta[0] + 0.3, theta[1] + 0.3])],
    [
      'one crescent in the place of two',
      (theta: Float64Array) => theta.set(theta[0] + theta[1] > 0 ? [-theta[1], -theta[0]] : theta),
    ],
    ['all spread doubled', (theta: Float64Array) => theta.set([2 * theta[0], 2 * theta[1]])],
  ] as const)('%s is seen by all of them', (_, change) => {
    const broken = compare(drawn(change));
    expect(broken.c2st.value).toBeGreaterThan(0.5 + 20 * noise(1000));
    expect(broken.mmd2.value).toBeGreaterThan(0.02);
    expect(broken.slicedW2.value).toBeGreaterThan(3 * broken.slicedW2.control);
    const { parameters } = broken;
    expect(parameters.some(({ meanShift, sdRatio }) => Math.abs(meanShift) > 0.1 || Math.abs(sdRatio - 1) > 0.3)).toBe(
      true,
    );
    // The control is of exact draws alone.
    expect(broken.c2st.control).toBe(sound.c2st.control);
  });

  it('gives shifts in units of the exact spread', () => {
    const halved = drawn((theta) => theta.set([theta[0] / 2 + 1, theta[1]]));
    const [first, second] = compare(halved).parameters;
    const exact = moons.draws(halved.observation, 10_000, 0).filter((_, at) => at % 2 === 0);
    const mean = exact.reduce((sum, value) => sum + value, 0) / exact.length;
    const sd = Math.sqrt(exact.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (exact.length - 1));
    expect(first.sdRatio).toBeCloseTo(0.5, 1);
    expect(Math.abs(first.meanShift - (mean / 2 + 1 - mean) / sd)).toBeLessThan(0.1);
    expect(second).toEqual(sound.parameters[1]);
  });

  it('counts samples outside the prior, those that were thrown away too', () => {
    const tenth = drawn((theta, draw) => (draw % 10 === 0 ? theta.set([3, 0]) : undefined));
    // All draws are looked at, however few the other measures take.
    expect(compare(tenth, new Map(), 50).outsidePrior).toBeCloseTo(0.1, 12);
    expect(compare({ ...tenth, rejected: 0.25 }, new Map(), 50).outsidePrior).toBe(0.25);
  });

  it('computes the control of an observation once', () => {
    const controls = new Map();
    const exact = drawn(() => undefined, 50);
    const first = compare(exact, controls);
    expect(controls.size).toBe(1);
    for (const key of controls.keys()) controls.set(key, { c2st: 0.123, mmd2: 1, slicedW2: 2 });
    expect(compare(exact, controls)).toEqual({
      ...first,
      c2st: { ...first.c2st, control: 0.123 },
      mmd2: { ...first.mmd2, control: 1 },
      slicedW2: { ...first.slicedW2, control: 2 },
    });
  });
});

describe('a whole run', () => {
  const task = {
    ...moons,
    draws: (...given: Parameters<ExactPosteriors['draws']>) => {
      if (given[0][0] === 99) throw new Error('the prior hardly makes such data');
      return moons.draws(...given);
    },
  };
  const ask = (items: readonly QualityItem[], truthsFromPrior = false) => {
    const seen: QualityProgress[] = [];
    const steps = runQualitySteps({ size: 'quick', items, ofItems: items.length, exact: task, truthsFromPrior });
    for (;;) {
      const step = steps.next();
      if (step.done) return { quality: step.value, seen };
      seen.push(step.value);
    }
  };

  it('compares the first observations, tells each when it is done, and lists what cannot be compared', () => {
    const items = [0, 1, 2].map((index) => drawn(() => undefined, 50, index));
    items[1] = { ...items[1], observation: [99, 0] };
    const { quality, seen } = ask(items);
    const done = seen.flatMap((each): ItemQuality[] => (each.done ? [each.done] : []));
    expect(quality.compared).toEqual(done);
    expect(done.map(({ index, points }) => [index, points])).toEqual([
      [0, 50],
      [2, 50],
    ]);
    expect(quality.failed).toEqual([{ index: 1, runId: 'moons_1', reason: 'the prior hardly makes such data' }]);
    const fractions = seen.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(quality.mean!.c2st.value).toBeCloseTo((done[0].c2st.value + done[1].c2st.value) / 2, 12);
    const ratios = done.flatMap(({ parameters }) => parameters.map(({ sdRatio }) => Math.abs(Math.log(sdRatio))));
    expect(Math.abs(Math.log(quality.mean!.worstSdRatio))).toBe(Math.max(...ratios));
    expect(quality.calibration).toBeNull();
  });

  it('takes no more than it looks at', () => {
    expect(drawsLookedAt(COMPARED_ITEMS - 1, false)).toBe(10_000);
    expect(drawsLookedAt(COMPARED_ITEMS, false)).toBe(0);
    expect(drawsLookedAt(COMPARED_ITEMS, true)).toBe(1023);
    expect(drawsLookedAt(2000, true)).toBe(0);
    const item: PosteriorItem = {
      info: { index: 0, runId: 'a', seed: 1, truth: {}, observation: [1, 2] },
      chains: 1,
      draws: 4,
      sampling: 'independent',
      parameters: [{ name: 'theta_1', values: Float64Array.of(1, 2, 3, 4) }],
      stats: [{ name: 'accepted_index', values: Int32Array.of(0, 1, 2, 7) }],
      fit: { mean: [], sd: [], chi2: Number.NaN },
      gradients: 0,
    };
    expect(qualityItem(item, 2)).toMatchObject({ rejected: 0.5, parameters: [{ values: Float64Array.of(1, 2) }] });
    expect(qualityItem({ ...item, sampling: 'chains' }, 2)).toBeUndefined();
    expect(qualityItem({ ...item, info: { ...item.info, observation: undefined } }, 2)).toBeUndefined();
  });
});

/** Simulated observations of the Gaussian task, their exact posteriors changed. */
function calibrated(
  change: (value: number, truth: number, mean: number) => number,
  n = 200,
  draws = 255,
): QualityItem[] {
  return Array.from({ length: n }, (_, index) => {
    const { theta, x } = gaussian.simulate([3, 1], index);
    const values = gaussian.samplePosterior(x, draws, [4, index]);
    return {
      index,
      runId: `g_${index}`,
      observation: [...x],
      truth: { theta_1: theta[0], theta_2: theta[1], theta_3: theta[2] },
      parameters: [0, 1, 2].map((i) => ({
        name: `theta_${i + 1}`,
        values: values.filter((_, at) => at % 3 === i).map((value) => change(value, theta[i], x[i] - 1)),
      })),
    };
  });
}

describe('calibration', () => {
  test('exact posteriors are within every band', () => {
    const { n, draws, parameters, tarp } = calibrateRun(calibrated((value) => value))!;
    expect([n, draws]).toEqual([200, 255]);
    for (const { sbc, coverage } of parameters) {
      expect(sbc).toMatchObject({ n: 200, maxRank: 255, withinBand: true });
      expect(sbc.ranks).toHaveLength(200);
      expect(sbc.ksPValue).toBeGreaterThan(0.01);
      for (const { observed, level, error } of coverage) expect(Math.abs(observed - level)).toBeLessThan(4 * error);
    }
    expect(tarp.ksPValue).toBeGreaterThan(0.01);
    expect(tarp.insideBand).toBeGreaterThan(0.8);
    expect(tarp.ecp).toHaveLength(31);
  });

  test.each([
    ['too narrow', (value: number, _: number, mean: number) => mean + 0.4 * (value - mean), -1],
    ['too wide', (value: number, _: number, mean: number) => mean + 2.5 * (value - mean), 1],
  ] as const)('%s ones are not', (_, change, sign) => {
    const { parameters, tarp } = calibrateRun(calibrated(change))!;
    for (const { sbc, coverage } of parameters) {
      expect(sbc.withinBand).toBe(false);
      expect(sbc.ksPValue).toBeLessThan(1e-3);
      expect(sign * (coverage[0].observed - coverage[0].level)).toBeGreaterThan(4 * coverage[0].error);
    }
    expect(sign * tarp.atc).toBeGreaterThan(0.5);
    expect(tarp.ksPValue).toBeLessThan(1e-3);
    expect(tarp.insideBand).toBeLessThan(0.5);
  });

  test('too few observations or draws show nothing; those without a truth or a number are left out', () => {
    expect(calibrateRun(calibrated((value) => value, 19))).toBeNull();
    expect(calibrateRun(calibrated((value) => value, 30, 14))).toBeNull();
    const items = calibrated((value) => value, 30);
    items[3] = { ...items[3], truth: {} };
    items[4].parameters[0].values[5] = Number.NaN;
    expect(calibrateRun(items)!.n).toBe(28);
    expect(calibrateRun([])).toBeNull();
  });
});
