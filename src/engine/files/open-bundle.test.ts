import { expect, test } from 'vitest';
import { FileError } from '../../bundle/file-error.ts';
import { ManifestBuilder } from '../../bundle/manifest.ts';
import { sortFiles, zipBundle } from '../../bundle/zip.ts';
import type { Workload } from '../../workloads/workload.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { RunController } from '../run/controller.ts';
import { collectBundle } from '../test-support/collect.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { inTwoStages } from '../test-support/two-stages.ts';
import { wholeBundle } from './bundle-files.ts';
import { openBundle } from './open-bundle.ts';

const registry = [gaussianWorkload()];

async function finishedRun(params: Record<string, unknown>): Promise<RunController> {
  const config = parseRunConfig({ batch: { size: 3 }, params, seed: 7 }, registry);
  const run = new RunController({ plan: planRun(registry[0], config, {}, null), gpu: null, listener: {} });
  await run.run();
  return run;
}

const withoutDataCount = (text: string) => text.replaceAll(/"data_count": 2,\s*/g, '');

type Contents = ReadonlyMap<string, Uint8Array>;

/** The bundle with one file changed and hashes that are right. */
async function forgedBundle(files: Contents, path: string, change: (text: string) => string): Promise<Blob> {
  const manifest = new ManifestBuilder();
  const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
  const changed = new Map(files).set(path, new TextEncoder().encode(change(text(files.get(path)))));
  changed.delete('manifest.json');
  const sorted = sortFiles([...changed].map(([name, bytes]) => ({ path: name, bytes })));
  for (const file of sorted) manifest.note(file);
  return zipped([...sorted, manifest.finish(text(changed.get('run.json'))).file]);
}

async function zipped(files: Parameters<typeof zipBundle>[0]): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of zipBundle(files)) pieces.push(piece);
  return new Blob(pieces);
}

test('a run of several stages comes back with the results of all, and the buffers of its first', async () => {
  const workload = inTwoStages(registry[0] as unknown as Workload);
  const config = parseRunConfig({ batch: { size: 2 }, params: { means: [0], repeats: 6 } }, [workload]);
  const run = new RunController({ plan: planRun(workload, config, {}, null), gpu: null, listener: {} });
  await run.run();
  const whole = await wholeBundle({ run, report: null });
  const opened = await openBundle('run.zip', await zipped(whole.files), [workload]);
  expect(opened.resultId).toBe(whole.resultId());
  expect(opened.store.items()).toEqual(run.store.items());
  const [first] = run.plan.stages;
  expect(opened.buffers).toEqual({ chunk: 2, buffers: expect.arrayContaining([...first.buffers.buffers]) });
  expect(opened.buffers.buffers).toHaveLength(first.buffers.buffers.length);
  // Two chunks of each stage.
  expect(opened.outcome.progress.chunk).toMatchObject({ index: 3, count: 4 });
});

test('a run comes back from its bundle: every draw, summary, failure and its configuration, to the last digit', async () => {
  const run = await finishedRun({ means: [0.5, 1], repeats: 3, broken: [1] });
  const whole = await wholeBundle({ run, report: null });
  const opened = await openBundle('run.zip', await zipped(whole.files), registry);
  expect(opened.resultId).toBe(whole.resultId());
  expect(opened.config).toEqual(run.plan.config);
  expect(opened.store.items()).toEqual(run.store.items());
  expect(opened.store.summaries()).toEqual(run.store.summaries());
  expect(opened.store.failed().map(({ info, reason }) => [info.runId, info.index, reason])).toEqual(
    run.store.failed().map(({ info, reason }) => [info.runId, info.index, reason]),
  );
  expect(opened.store.failed()).not.toHaveLength(0);
  expect(opened.store.summaries()[0]).toMatchObject({ chi2PerDatum: 0, misfit: false });
  expect(opened.warnings).toEqual(run.problem.warnings);
  expect(opened.parameters).toEqual(run.problem.parameters);
  expect(opened.buffers).toEqual({ chunk: 3, buffers: expect.arrayContaining([...run.plan.buffers.buffers]) });
  const { items, gradients, clock } = run.outcome!.progress;
  expect(opened.outcome).toMatchObject({ state: 'finished', progress: { items, gradients, clock, fraction: 1 } });
});

test('a bundle whose hashes are right but whose content is not what it should be is refused by name', async () => {
  const { files } = await collectBundle(await finishedRun({}));
  const forged = (path: string, change: (text: string) => string) => forgedBundle(files, path, change);
  for (const [path, change, message] of [
    ['run.json', (text: string) => text.replace('"gaussian"', '"flow"'), /run\.json: workload: "flow" is not/],
    ['run.json', (text: string) => text.replace('"repeats": 2', '"repeats": -2'), /run\.json: params\.repeats/],
    [
      'items.json',
      (text: string) => text.replace('"run_id": "m0_s7"', '"run_id": "../m0"'),
      /\.\.\/m0\/posterior\.nc is missing/,
    ],
    ['items.json', (text: string) => text.replace('"index": 0', '"index": "0"'), /items\.json has "0" where a number/],
    ['m0_s7/posterior.nc', () => 'no HDF5', /m0_s7\/posterior\.nc: it is no netCDF/],
    ['memory.csv', () => '', /memory\.csv: the file is empty/],
  ] as const) {
    const refused = await openBundle('run.zip', await forged(path, change), registry).catch((error) => error);
    expect(refused, path).toBeInstanceOf(FileError);
    expect(refused.message).toMatch(message);
    expect(refused.message).toContain('run.zip');
  }
  // Bundles from before the number of data was kept.
  const older = await openBundle('run.zip', await forged('items.json', withoutDataCount), registry);
  for (const summary of older.store.summaries()) expect(summary).not.toHaveProperty('chi2PerDatum');
});

test('the run log comes back from failures.json, and only as what it can be', async () => {
  const run = await finishedRun({ repeats: 3, broken: [1] });
  run.events.push({
    atMs: 20,
    kind: 'split',
    message: 'halved',
    items: [0, 2],
    chunkBefore: 3,
    chunkAfter: 1,
    reason: 'full',
  });
  expect(run.events.map(({ kind }) => kind)).toEqual(['failed', 'split']);
  const { files } = await collectBundle(run);
  const open = async (change: (events: Record<string, unknown>[]) => unknown) => {
    const forged = forgedBundle(files, 'failures.json', (text) => {
      const { events, ...failures } = JSON.parse(text);
      return JSON.stringify({ ...failures, events: change(events) });
    });
    return openBundle('run.zip', await forged, registry);
  };
  expect((await open((events) => events)).events).toEqual(run.events);
  // Bundles of earlier versions have no events, or none with numbers of items.
  expect((await open(() => undefined)).events).toEqual([]);
  const [failed] = (await open((events) => events.map(({ indices: _, ...event }) => event))).events;
  expect(failed).toMatchObject({ kind: 'failed', message: run.events[0].message, items: undefined });
  for (const [wrong, message] of [
    [{ kind: 'constructor' }, /failures\.json has an event of the kind "constructor"/],
    [{ message: { html: '' } }, /failures\.json has .* where a text belongs/],
    [{ at_ms: 'now' }, /failures\.json has "now" where a number belongs/],
    [{ indices: 3 }, /failures\.json has 3 where a list belongs/],
    [{ indices: ['0'] }, /failures\.json has "0" where a number belongs/],
    [{ chunk_before: null }, /failures\.json has null where a number belongs/],
    [{ reason: 1 }, /failures\.json has 1 where a text belongs/],
  ] as const) {
    const refused = await open(([first, ...others]) => [{ ...first, ...wrong }, ...others]).catch((error) => error);
    expect(refused, JSON.stringify(wrong)).toBeInstanceOf(FileError);
    expect(refused.message).toMatch(message);
  }
});

test('a bundle from before items.json opens, its result id checked with tuning.json in it', async () => {
  const run = await finishedRun({});
  const { files } = await collectBundle(run);
  const decoded = (path: string) => new TextDecoder().decode(files.get(path));
  const older = new Map(files).set('tuning.json', files.get('items.json')!);
  for (const path of ['items.json', 'manifest.json']) older.delete(path);
  const zip = (content: Map<string, Uint8Array>) => {
    const manifest = new ManifestBuilder();
    const sorted = sortFiles([...content].map(([path, bytes]) => ({ path, bytes })));
    for (const file of sorted) manifest.note(file);
    return { files: sorted, ...manifest.finish(decoded('run.json')) };
  };
  const first = zip(older);
  const opened = await openBundle('older.zip', await zipped([...first.files, first.file]), registry);
  expect(opened.store.items()).toEqual(run.store.items());
  expect(opened.resultId).toBe(first.resultId);
  // There it is part of the result; in a bundle of today it is not.
  const changed = (content: Map<string, Uint8Array>) =>
    zip(new Map(content).set('tuning.json', new TextEncoder().encode('{}'))).resultId;
  expect(changed(older)).not.toBe(first.resultId);
  files.delete('manifest.json');
  expect(changed(files)).toBe(zip(files).resultId);
});
