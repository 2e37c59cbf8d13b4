/** A finished run that is added to: its results stay, and all together are what one run of all would have been. */
import { afterAll, describe, expect, test } from 'vitest';
import { workloads } from '../../workloads/index.ts';
import type { Workload } from '../../workloads/workload.ts';
import { adds, keepsApart } from '../config/extending.ts';
import { findWorkload, parseRunConfig } from '../config/run-config.ts';
import { earlierRun, openBundle } from '../files/open-bundle.ts';
import { planRun } from '../plan/plan-run.ts';
import { collectBundle, zippedBundle } from '../test-support/collect.ts';
import { bitsOf, closeFaultyDevices, faultyRun, type Subject } from '../test-support/faulty-run.ts';
import { PIECE, type RowsCounters, rowsDefaults, rowsWorkload } from '../test-support/rows.ts';
import { RunController } from './controller.ts';
import { type EarlierRun, takenOver } from './extension.ts';

afterAll(closeFaultyDevices);

type Params = Record<string, unknown>;

function onCpu(params: Params, batch: Params = {}, seed = 42) {
  const rows = rowsWorkload();
  const workload = rows as unknown as Workload;
  const given = { workload: 'rows', seed, batch: { size: 1, ...batch }, params: { ...rowsDefaults, ...params } };
  const plan = planRun(workload, parseRunConfig(given, [workload]), {}, null);
  return { workload, plan, counters: rows.counters };
}

async function finished(params: Params): Promise<RunController> {
  const { plan } = onCpu(params);
  const run = new RunController({ plan, gpu: null, listener: {} });
  expect(await run.run()).toMatchObject({ state: 'finished', failed: [] });
  return run;
}

/** As a bundle brings it back. */
async function kept(run: RunController): Promise<EarlierRun> {
  const { workload } = run.plan;
  return earlierRun(await openBundle('run.zip', await zippedBundle(run), [workload]), workload.results);
}

/** Runs what the earlier one lacks. */
async function added(
  earlier: EarlierRun,
  params: Params,
  batch: Params = {},
): Promise<{ run: RunController; counters: RowsCounters }> {
  const { plan, counters } = onCpu(params, batch);
  const run = new RunController({
    plan,
    gpu: null,
    listener: {},
    finished: await takenOver(earlier, { plan, report: null }),
  });
  expect(await run.run()).toMatchObject({ state: 'finished', failed: [] });
  return { run, counters };
}

describe('a metric is added to a finished run', () => {
  test.each([
    ['behind the others', [0, 1], [0, 1, 2], 28],
    ['before them, so that all indices change', [1, 2], [0, 1, 2], 20],
    ['to one of a single stage', [1], [1, 0], 20],
    ['where one is left out', [0, 1], [1, 2], 28],
  ])('%s', async (_, before, after, rows) => {
    const whole = await finished({ metrics: after });
    const { run, counters } = await added(await kept(await finished({ metrics: before })), { metrics: after });
    // Only the new metric was computed.
    expect(counters.rows).toBe(rows);
    expect(run.events.map(({ kind }) => kind)).toEqual(['resumed']);
    expect(bitsOf(run)).toEqual(bitsOf(whole));
    expect((await collectBundle(run)).resultId).toBe((await collectBundle(whole)).resultId);
  });

  test('other chunks are no other result, and what had failed is computed now', async () => {
    const { plan } = onCpu({ broken: 1, how: 'nan', metrics: [0, 1] });
    const half = new RunController({ plan, gpu: null, listener: {} });
    await half.run();
    const earlier = { ...(await kept(half)), config: onCpu({ metrics: [0, 1] }).plan.config };
    const { run, counters } = await added(earlier, {}, { sizes: { [PIECE]: 3 } });
    expect(counters.rows).toBe(24 + 28);
    expect(bitsOf(run)).toEqual(bitsOf(await finished({})));
  });

  test('on a device: kernels and shape are compared, and the id is that of one run', async () => {
    const subject: Subject = {
      workload: rowsWorkload() as unknown as Workload,
      params: { ...rowsDefaults },
      chunkSubmits: 1,
      submit: { first: 1, middle: 1, collect: 1, nextChunk: 2 },
    };
    const [part, whole] = [
      (await faultyRun({ subject, params: { metrics: [0, 2] } })).run,
      (await faultyRun({ subject })).run,
    ];
    await part.run();
    await whole.run();
    const earlier = await kept(part);
    expect(earlier.place).toMatchObject({ mode: 'webgpu', adapter: part.report!.name });
    const { plan, report } = whole;
    const taken = await takenOver(earlier, { plan, report });
    expect(taken.map(({ stored }) => [stored.info.index, stored.info.runId])).toEqual([
      [0, 'metric_0_0'],
      [2, 'metric_2_0'],
    ]);
    const others = { ...earlier, shaders: { ...earlier.shaders, 'metric 0/rows.wgsl': 'other' } };
    expect((await takenOver(others, { plan, report })).map(({ stored }) => stored.info.index)).toEqual([2]);
    const elsewhere = { ...earlier, place: { ...earlier.place, adapter: 'another' } };
    await expect(takenOver(elsewhere, { plan, report })).rejects.toThrow('begun on another');
  });
});

describe('what is refused', () => {
  test.each([
    ['another parameter', { rows: 21 }, 42, /params\.rows/],
    ['another seed', {}, 43, /seed/],
    ['nothing in common', { metrics: [5] }, 42, /no result of this one/],
  ] as const)('%s', async (_, params, seed, message) => {
    const earlier = await kept(await finished({ metrics: [0] }));
    const { plan } = onCpu(params, {}, seed);
    await expect(takenOver(earlier, { plan, report: null })).rejects.toThrow(message);
  });

  test('another version, another file', async () => {
    const earlier = await kept(await finished({ metrics: [0] }));
    const { plan } = onCpu({});
    const older = { ...earlier, place: { ...earlier.place, version: '0.0.1' } };
    await expect(takenOver(older, { plan, report: null })).rejects.toThrow('begun by version 0.0.1');
    const loaded = { ...earlier, loaded: { name: 'a.npy', sha256: 'sha256:1' } };
    await expect(takenOver(loaded, { plan, report: null })).rejects.toThrow('began with a.npy');
  });
});

test('configurations that add, and those that are kept apart', () => {
  const { workload, plan } = onCpu({ metrics: [0] });
  const config = (params: Params, batch: Params = {}) => onCpu(params, batch).plan.config;
  expect(adds(workload, plan.config, config({ metrics: [0, 1] }))).toBe(true);
  expect(adds(workload, plan.config, config({ metrics: [0, 1] }, { sizes: { [PIECE]: 2 }, memoryBudgetMiB: 7 }))).toBe(
    true,
  );
  expect(adds(workload, plan.config, config({ metrics: [0] }))).toBe(false);
  expect(adds(workload, plan.config, config({ metrics: [0, 1], rows: 3 }))).toBe(false);
});

test('a size that may move a bit keeps runs apart', () => {
  const sized = (sizes: Params, memoryClass = 'auto') =>
    parseRunConfig({ workload: 'flow', batch: { sizes, memoryClass } });
  const flow = findWorkload('flow', workloads);
  expect(keepsApart(flow, sized({}), sized({ 'flow.trainingBatch': 128 }))).toBe('batch.sizes.flow.trainingBatch');
  expect(keepsApart(flow, sized({}), sized({ 'gpu.submitsInFlight': 3 }))).toBeUndefined();
});
