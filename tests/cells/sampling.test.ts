/** The sampler on a device: its kernels against the f64 twin, its bits under other chunks, its cells against enumerated laws. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { planBytes } from '../../src/gpu/plan.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { chiSquareTest } from '../../src/stats/chi-square.ts';
import type { DevicePredictor } from '../../src/workloads/cells/sampling/device-predictor.ts';
import { DeviceMixture, DeviceTable } from '../../src/workloads/cells/sampling/device-tables.ts';
import { countStates, exactLaw } from '../../src/workloads/cells/sampling/exact-law.ts';
import { planSampler } from '../../src/workloads/cells/sampling/kernels.ts';
import { MixturePredictor } from '../../src/workloads/cells/sampling/mixture-predictor.ts';
import type { CellsToSample } from '../../src/workloads/cells/sampling/reveal-plan.ts';
import { DeviceSampler } from '../../src/workloads/cells/sampling/session-core.ts';
import type { SamplerSettings } from '../../src/workloads/cells/sampling/settings.ts';
import { TablePredictor } from '../../src/workloads/cells/sampling/table-predictor.ts';
import type { TokenSampler } from '../../src/workloads/cells/sampling/token-sampler.ts';
import { TwinSampler } from '../../src/workloads/cells/sampling/twin.ts';
import { selfTestSampling } from '../../src/workloads/cells/self-test.ts';
import {
  chainLaw,
  parityLaw,
  settingsFor,
  smallMixture,
  twoClasses,
} from '../../src/workloads/cells/test-support/laws.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const seedsFrom = (first: number, count: number) => Uint32Array.from({ length: count }, (_, i) => first + i);

async function finish(sampler: TokenSampler, cells: CellsToSample): Promise<Uint8Array> {
  sampler.begin(cells);
  await sampler.advance(Number.POSITIVE_INFINITY);
  expect(sampler.done).toBe(true);
  return sampler.tokens();
}

async function onDevice(
  settings: SamplerSettings,
  predictor: DevicePredictor,
  cells: CellsToSample,
  chunk = cells.seeds.length,
  sizes = defaultSizes,
): Promise<Uint8Array> {
  const sampler = await DeviceSampler.open(gpu, settings, predictor, chunk, sizes);
  try {
    const { genes } = settings;
    const found = new Uint8Array(cells.seeds.length * genes);
    for (let first = 0; first < cells.seeds.length; first += chunk) {
      const end = Math.min(first + chunk, cells.seeds.length);
      const some = {
        seeds: cells.seeds.slice(first, end),
        ...(cells.labels && { labels: cells.labels.slice(2 * first, 2 * end) }),
        ...(cells.start && { start: cells.start.slice(genes * first, genes * end) }),
      };
      found.set(await finish(sampler, some), genes * first);
    }
    return found;
  } finally {
    sampler.close();
  }
}

const differing = (a: Uint8Array, b: Uint8Array) => a.reduce((count, token, i) => count + (token === b[i] ? 0 : 1), 0);

describe('the kernels draw the twin’s tokens', () => {
  // A token differs where its word lies within rounding of an edge: bins edges, each a few 1e-7 wide. None of a few thousand is expected.
  test.each([
    ['tweedie', 'loglinear', 4, 1, 1],
    ['euler', 'geometric', 7, 0.7, 1],
    ['balanced', 'loglinear', 2, 1.3, 2.5],
    ['first-hitting', 'loglinear', 1, 1, 0],
    ['origin', 'loglinear', 1000, 1, 1],
  ] as const)('table: %s, %s, N %i, T %f, γ %f', async (rule, schedule, steps, temperature, guidance) => {
    const twin = new TablePredictor(twoClasses());
    const settings = settingsFor(twin, { rule, schedule, steps, temperature, guidance });
    const cells = { seeds: seedsFrom(11, 700), labels: Uint32Array.from({ length: 1400 }, (_, i) => (i >> 1) % 3) };
    const found = await onDevice(settings, new DeviceTable(twin), cells);
    expect(differing(found, await finish(new TwinSampler(settings, twin), cells))).toBeLessThanOrEqual(1);
  });

  test('mixture of 5 classes over 40 genes of 7 bins, some known, labels mixed, guided or not', async () => {
    const twin = new MixturePredictor(smallMixture(5, 40, 7));
    const start = Uint8Array.from({ length: 90 * 40 }, (_, row) => (row % 5 === 0 ? row % 7 : 7));
    const cells = {
      seeds: seedsFrom(3, 90),
      start,
      labels: Uint32Array.from({ length: 180 }, (_, i) => (i >> 1) % 6),
    };
    for (const guidance of [1, 2]) {
      const settings = settingsFor(twin, { steps: 6, guidance });
      const found = await onDevice(settings, new DeviceMixture(twin), cells);
      start.forEach((token, row) => {
        if (token < 7) expect(found[row]).toBe(token);
      });
      // One flip spreads to the later genes of its cell; class weights round to about 1e-6.
      expect(differing(found, await finish(new TwinSampler(settings, twin), cells))).toBeLessThanOrEqual(36);
    }
  });
});

test('equal bits for chunks of 1, 7 and all, for few rows at once, and by any pace', async () => {
  const twin = new MixturePredictor(smallMixture(3, 10, 5));
  const settings = settingsFor(twin, { steps: 4 });
  const cells = { seeds: seedsFrom(70, 30) };
  const all = await onDevice(settings, new DeviceMixture(twin), cells);
  for (const chunk of [1, 7]) expect(await onDevice(settings, new DeviceMixture(twin), cells, chunk)).toEqual(all);
  const few = { ...defaultSizes, 'cells.rowsAtOnce': 13, 'cells.drawThreads': 32, 'cells.stagingBytes': 1024 };
  expect(await onDevice(settings, new DeviceMixture(twin), cells, 30, few)).toEqual(all);

  const paced = await DeviceSampler.open(gpu, settings, new DeviceMixture(twin), 30);
  paced.begin(cells);
  let hiddenBefore = Number.POSITIVE_INFINITY;
  for (let step = 0; !paced.done; step++) {
    await paced.advance(Number.POSITIVE_INFINITY, 1);
    const look = await paced.look(0, 30);
    const hidden = look!.filter((token) => token === 5).length;
    expect(hidden).toBe(paced.hidden - paced.revealed);
    expect(hidden).toBeLessThan(hiddenBefore);
    expect(step).toBeLessThan(paced.steps);
    hiddenBefore = hidden;
  }
  expect(await paced.tokens()).toEqual(all);
  paced.close();
});

test('planned bytes are allocated bytes, freed at the end', async () => {
  const before = gpu.ledger.current;
  const twin = new MixturePredictor(smallMixture(3, 10, 5));
  const settings = settingsFor(twin, { guidance: 2 });
  const predictor = new DeviceMixture(twin);
  const sampler = await DeviceSampler.open(gpu, settings, predictor, 9);
  expect(gpu.ledger.current - before).toBe(planBytes(planSampler(settings, predictor, 9, defaultSizes)));
  sampler.close();
  expect(gpu.ledger.current).toBe(before);
});

test('cells whose genes are all known are done at once', async () => {
  const twin = new TablePredictor(chainLaw());
  const start = Uint8Array.of(0, 1, 2, 2, 1, 0);
  expect(await onDevice(settingsFor(twin), new DeviceTable(twin), { seeds: seedsFrom(1, 2), start })).toEqual(start);
});

test.each([
  ['chain', chainLaw(), 'tweedie', 4],
  ['chain', chainLaw(), 'origin', 16],
  ['parity', parityLaw(), 'balanced', 2],
] as const)('20,000 cells of the %s follow the exact law of their rule', async (_, law, rule, steps) => {
  const twin = new TablePredictor(law);
  const settings = settingsFor(law, { rule, steps });
  const tokens = await onDevice(settings, new DeviceTable(twin), { seeds: seedsFrom(1, 20_000) });
  expect(chiSquareTest(countStates(tokens, settings), await exactLaw(settings, twin)).p).toBeGreaterThan(1e-4);
});

test('the self-test passes on this device, in f32 alone', async () => {
  const checks = await selfTestSampling(gpu, 'f32');
  expect(checks).toHaveLength(2);
  expect(checks.every(({ passed }) => passed)).toBe(true);
  expect(await selfTestSampling(gpu, 'f16')).toEqual([]);
});
