import { expect, test } from 'vitest';
import { decodeCsv } from '../../src/bundle/csv.ts';
import type { Precision } from '../../src/gpu/precision.ts';
import { NO_FIT, type PosteriorItem } from '../../src/results/posterior/item.ts';
import { type PrecisionRun, precisionCostSteps } from '../../src/results/posterior/quality/precision-cost.ts';
import {
  PRECISION_HEADER,
  precisionCsv,
  precisionMarkdown,
} from '../../src/results/posterior/quality/precision-table.ts';
import { finish } from '../../src/stats/two-sample/steps.ts';
import { twoMoons } from '../../src/workloads/flow/tasks/two-moons.ts';

const N = 1000;

/** A "run" of exact draws: `keep` and `change` say what arithmetic makes of them. */
function runOf(
  precision: Precision,
  change: (value: number, draw: number) => number = (value) => value,
  keep: (draw: number) => boolean = () => true,
): PrecisionRun {
  const { x } = twoMoons.observations[0];
  const values = twoMoons.samplePosterior(x, N, [5, 5]);
  const numbers = Int32Array.from({ length: N }, (_, draw) => draw).filter(keep);
  const item: PosteriorItem = {
    info: { index: 0, runId: 'moons', seed: 1, truth: {} },
    chains: 1,
    draws: numbers.length,
    sampling: 'independent',
    parameters: [0, 1].map((i) => ({
      name: `theta_${i + 1}`,
      values: Float64Array.from(numbers, (draw) => change(values[2 * draw + i], draw)),
    })),
    stats: [{ name: 'accepted_index', values: numbers }],
    fit: NO_FIT,
    gradients: 0,
  };
  const buffer = (name: string, bytes: number) => ({
    name,
    bytes,
    role: 'storage' as never,
    bytesPerItem: 0,
    formula: '',
  });
  const half = precision === 'f32' ? 1 : 0.5;
  const buffers = { chunk: 1, buffers: [buffer('weights', 1000 * half), buffer('samples', 500)] };
  return { precision, items: [item], samplesPerSecond: precision === 'f32' ? 100 : 150, buffers };
}

const cost = (reference: PrecisionRun, run: PrecisionRun) => finish(precisionCostSteps(reference, run, 400));
const single = runOf('f32');

test('a run against itself differs nowhere, and C2ST is within its noise', () => {
  const same = cost(single, single);
  expect(same).toMatchObject({ throughputRatio: 1, bytesRatio: 1, halvedRatio: 1, largestDifference: 0, pairs: N });
  expect(same.c2st.value).toBe(same.c2st.control);
  expect(Math.abs(same.c2st.value - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 800));
  expect(same.points).toBe(400);
});

test('rounded samples: speed, bytes and the largest difference are told, and no classifier sees it', () => {
  const rounded = runOf('f16', (value, draw) => value + (draw === 17 ? 0.01 : draw % 2 === 0 ? 1e-4 : -1e-4));
  const found = cost(single, rounded);
  expect(found).toMatchObject({ precision: 'f16', throughputRatio: 1.5, bytesRatio: 1000 / 1500, halvedRatio: 0.5 });
  const spreads = single.items[0].parameters.map(({ values }) => {
    const all = Float64Array.from(values);
    const mean = all.reduce((sum, value) => sum + value, 0) / N;
    return Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / N);
  });
  expect(found.largestDifference).toBeCloseTo(0.01 / Math.min(...spreads), 9);
  expect(found.difference99).toBeLessThan(2e-4 / Math.min(...spreads));
  // Twins of one noise in both samples would bring a classifier below ½.
  expect(Math.abs(found.c2st.value - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 800));
});

test('samples that only one of them rejects shift nothing', () => {
  const lacking = runOf('f16', undefined, (draw) => draw % 7 !== 3);
  const found = cost(single, lacking);
  expect(found.largestDifference).toBe(0);
  expect(found.pairs).toBe(lacking.items[0].draws);
});

test('arithmetic that changes the posterior is seen', () => {
  const found = cost(
    single,
    runOf('f16', (value) => 1.5 * value),
  );
  expect(found.c2st.value).toBeGreaterThan(0.6);
  expect(found.largestDifference).toBeGreaterThan(0.3);
});

test('differences are told of the velocity as well, where the starts are known', () => {
  const shifted = runOf('f16', (value, draw) => value + (draw === 17 ? 0.01 : 0));
  const found = cost({ ...single, velocityRms: [[2, 4]] }, shifted);
  expect(found.velocityDifference).toBeCloseTo(0.01 / 2, 9);
  expect(cost(single, shifted)).not.toHaveProperty('velocityDifference');
});

test('other items are refused; the tables have a row a precision', () => {
  const [item] = single.items;
  const other = { ...single, items: [{ ...item, info: { ...item.info, runId: 'b' } }] };
  expect(() => cost(single, other)).toThrow('do not have the same items');
  const costs = [cost(single, single), cost(single, runOf('f16'))];
  const { header, rows } = decodeCsv('t', precisionCsv(costs));
  expect(rows.map((row) => row[header.indexOf('throughput_ratio')])).toEqual(['1', '1.5']);
  const lines = precisionMarkdown(costs).trim().split('\n');
  // Bars inside of cells are told from those between them.
  expect(lines.map((line) => line.match(/(?<!\\)\|/g)?.length)).toEqual(Array(4).fill(PRECISION_HEADER.length + 1));
  expect(lines[3]).toContain('| f16 | 150 | ×1.50 | ×0.67 | ×0.50 |');
});
