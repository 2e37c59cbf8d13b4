import { unzipSync } from 'fflate';
import { afterEach, expect, test, vi } from 'vitest';
import { parseRunConfig } from '../engine/config/run-config.ts';
import type { RunOutcome } from '../engine/run/progress.ts';
import { gaussianWorkload } from '../engine/test-support/gaussian.ts';
import type { ChainsLook } from '../results/posterior/chains-look.ts';
import { posterior } from '../results/posterior/narrow.ts';
import { EngineError } from './client.ts';
import { connectClient } from './test-support/connect-client.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

function connect() {
  const registry = [gaussianWorkload()];
  const client = connectClient({ registry });
  const finished = new Promise<RunOutcome>((resolve) => client.on('finished', ({ outcome }) => resolve(outcome)));
  const config = (json: object) => parseRunConfig(json, registry);
  return { client, finished, config, registry };
}

test('init, plan, run, item, export: a run from end to end', async () => {
  const { client, finished, config } = connect();
  expect(await client.init({ cpu: true })).toMatchObject({ mode: 'cpu', report: null });
  const plan = await client.plan(config({}), 3);
  expect(plan).toMatchObject({ items: 4, chunk: 3, chunks: 2, totalBytes: 3 * 1024 ** 2 + 64 });
  const done: number[] = [];
  client.on('itemDone', ({ summary }) => done.push(summary.info.index));
  const started = await client.run(config({ batch: { size: 3 } }));
  expect(started.items.map(({ runId }) => runId)).toEqual(['m0_s42', 'm0_s43', 'm1_s44', 'm1_s45']);
  expect(await finished).toMatchObject({ state: 'finished', progress: { items: { done: 4 } } });
  expect(done).toEqual([0, 1, 2, 3]);
  const item = posterior(await client.item(2));
  expect(item.parameters[0].values).toHaveLength(item.chains * item.draws);
  const seen: string[] = [];
  client.on('exportProgress', ({ file }) => seen.push(file));
  const { name, blob, files } = await client.export({ adapterDetails: false });
  expect(name).toMatch(/^run-\d{8}T\d{6}Z-gaussian-[0-9a-f]{8}\.zip$/);
  const entries = unzipSync(new Uint8Array(await blob.arrayBuffer()));
  expect(Object.keys(entries)).toHaveLength(files);
  expect(seen).toEqual(Object.keys(entries));
});

test('what is wrong is answered with the field, and the worker goes on', async () => {
  const { client, config } = connect();
  await client.init({ cpu: true });
  const good = config({});
  const error = await client.plan({ ...good, seed: -1 }).catch((reason) => reason);
  expect(error).toBeInstanceOf(EngineError);
  expect(error.field).toBe('seed');
  const clash = await client.run(config({ params: { profile: 'flat', paired: true } })).catch((reason) => reason);
  expect(clash.field).toBe('params.paired');
  await expect(client.item(0)).rejects.toThrow('no result');
  await expect(client.export({ adapterDetails: false })).rejects.toThrow('nothing to export');
  expect((await client.plan(good)).items).toBe(4);
});

test('a second run is refused while one goes on, and possible after stop', async () => {
  const { client, finished, config } = connect();
  await client.init({ cpu: true });
  const long = config({ params: { draws: 4000 } });
  await client.run(long, { paused: true });
  await expect(client.run(long)).rejects.toThrow('in progress');
  client.stop();
  expect((await finished).state).toBe('stopped');
  await expect(client.run(config({}))).resolves.toMatchObject({ chunk: 4 });
});

test('two runs asked for at once: one starts, the other is refused', async () => {
  const { client, config } = connect();
  const run = () => client.run(config({}), { paused: true });
  const both = await Promise.allSettled([run(), run()]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('step, watch and pause arrive between transitions', async () => {
  const { client, finished, config } = connect();
  await client.init({ cpu: true });
  const peeks: [number, number, number][] = [];
  client.on('peek', ({ peek }) => peeks.push([peek.item, (peek.own as ChainsLook).chain, peek.step]));
  await client.run(config({}), { paused: true });
  client.watch({ item: 1, part: 3 });
  client.step();
  client.step();
  while (!peeks.some(([, , transition]) => transition === 2)) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(peeks.at(-1)).toEqual([1, 3, 2]);
  client.resume();
  expect((await finished).state).toBe('finished');
});

test('a bad file is refused by name, a good one is described', async () => {
  const { client } = connect();
  const bytes = (text: string) => new TextEncoder().encode(text).buffer;
  await expect(client.loadFile('gaussian', 'images', 'x.npy', bytes('not an array'))).rejects.toThrow('x.npy');
  expect(await client.loadFile('gaussian', 'truth', 't.csv', bytes('g1,g2\n0.01,0\n0.02,0\n'))).toMatchObject({
    count: 2,
    what: '2 rows; with g1, g2; line 1 names the columns',
  });
});

test('a bundle opens without a device and shows what its run showed; a refused one leaves it open', async () => {
  const first = connect();
  await first.client.init({ cpu: true });
  const ran = await first.client.run(first.config({ seed: 9 }));
  const outcome = await first.finished;
  const { blob, name } = await first.client.export({ adapterDetails: false });

  const { client, registry } = connect();
  const seen: number[] = [];
  client.on('openProgress', ({ done }) => seen.push(done));
  const opened = await client.openBundle(name, blob);
  expect(seen.at(-1)).toBe(opened.files);
  expect(opened).toMatchObject({ name, outcome: { state: 'finished' }, failed: [] });
  expect(opened.config).toEqual(parseRunConfig({ seed: 9 }, registry));
  const { shape: _, plan: __, ...rest } = ran;
  expect(opened.run).toMatchObject(rest);
  expect(opened.outcome.progress.items).toEqual(outcome.progress.items);
  expect(await client.bundleItem(opened.resultId, 2)).toEqual(await first.client.item(2));

  await expect(client.openBundle('cut.zip', blob.slice(0, 2000))).rejects.toThrow('cut.zip: truncated');
  await expect(client.bundleItem(opened.resultId, 0)).resolves.toMatchObject({ info: { index: 0 } });
  await expect(client.bundleItem('sha256:0', 0)).rejects.toThrow('no longer open');
});

test('export can be cancelled', async () => {
  const { client, finished, config } = connect();
  await client.init({ cpu: true });
  await client.run(config({}));
  await finished;
  // Each look at the clock is a second after the last: the export gives others their turn after every file, however fast it is.
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1000;
    return now;
  });
  const exported = client.export({ adapterDetails: false });
  client.on('exportProgress', () => client.cancelExport());
  await expect(exported).rejects.toThrow();
});

test('a worker that dies answers every open question', async () => {
  const { client, config } = connect();
  const plan = client.plan(config({}));
  client.close();
  await expect(plan).rejects.toThrow('closed');
});
