/** Tuning through the worker's protocol, on a real device with the small Gaussian experiment. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseRunConfig } from '../../engine/config/run-config.ts';
import type { RunOutcome } from '../../engine/run/progress.ts';
import { gaussianWorkload } from '../../engine/test-support/gaussian.ts';
import type { TuneEvent } from '../../engine/tuner/types.ts';
import { GpuContext } from '../../gpu/context.ts';
import { findNodeGpu, releaseNodeGpu } from '../../gpu/provider-node.ts';
import { jobOf } from '../client.ts';
import { connectClient } from '../test-support/connect-client.ts';
import type { TuningTypes } from './types.ts';

let gpu: GPU;
const opened: GpuContext[] = [];
beforeAll(async () => {
  gpu = (await findNodeGpu())!;
});
afterAll(() => {
  for (const context of opened) context.destroy();
  releaseNodeGpu();
});

function connect() {
  const registry = [gaussianWorkload()];
  const openGpu = async () => {
    const context = await GpuContext.open({ gpu });
    opened.push(context);
    return context;
  };
  const client = connectClient({ registry, openGpu });
  const finished = new Promise<RunOutcome>((resolve) => client.on('finished', ({ outcome }) => resolve(outcome)));
  const config = (json: object) => parseRunConfig(json, registry);
  return { client, tuner: jobOf<TuningTypes>(client, 'gaussian', 'tuning'), finished, config };
}

const small = { params: { means: [0], repeats: 6, draws: 6, warmup: 0, chains: 1 } };

test('the log comes live, the result is remembered and decides the batch of the next run', async () => {
  const { client, tuner, finished, config } = connect();
  await client.init();
  expect((await client.plan(config(small))).chunkSource).toBe('table');
  const events: TuneEvent[] = [];
  tuner.on((event) => events.push(event));
  const { results, notKept } = await tuner.start({ config: config(small) });
  // Node has no private files of an origin.
  expect(notKept).toContain('keeps no files');
  expect(new Set(events.map(({ type }) => type))).toEqual(
    new Set(['caps', 'probe', 'serial', 'ladder', 'note', 'choice', 'verify']),
  );
  for (const { line } of events) expect(line).toMatch(/\w/);
  const plan = await client.plan(config({ ...small, seed: 5 }));
  expect(plan).toMatchObject({
    chunkSource: 'tuned',
    chunk: results[0].recommended,
    tuning: { date: results[0].date },
  });
  expect((await client.plan(config(small), 3)).chunkSource).toBe('given');
  expect((await client.run(config(small))).chunk).toBe(results[0].recommended);
  expect((await finished).state).toBe('finished');
});

test('refused while a run goes on, and a run while it is at work; cancelled, the next run starts', async () => {
  const { client, tuner, finished, config } = connect();
  await client.init();
  await client.run(config({ params: { draws: 4000 } }), { paused: true });
  await expect(tuner.start({ config: config(small) })).rejects.toThrow('A run is in progress; cannot tune');
  client.stop();
  await finished;
  const tuning = tuner.start({ config: config({ params: { draws: 4000, repeats: 60 } }) });
  await expect(client.run(config(small))).rejects.toThrow('The tuner is at work');
  await expect(client.init()).rejects.toThrow('The tuner is at work');
  tuner.stop();
  await expect(tuning).rejects.toMatchObject({ report: { name: 'TuningCancelledError', kept: expect.any(String) } });
  await expect(client.run(config(small))).resolves.toMatchObject({ items: { length: 6 } });
});

test('without a GPU there is nothing to tune', async () => {
  const { client, tuner, config } = connect();
  await client.init({ cpu: true });
  await expect(tuner.start({ config: config(small) })).rejects.toThrow('no GPU to measure');
});
