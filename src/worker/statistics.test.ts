import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { parseRunConfig } from '../engine/config/run-config.ts';
import { planRun } from '../engine/plan/plan-run.ts';
import { RunController } from '../engine/run/controller.ts';
import { gaussianWorkload } from '../engine/test-support/gaussian.ts';
import type { ItemSummary } from '../results/posterior/item-summary.ts';
import { posteriorSummaries } from '../results/posterior/narrow.ts';
import { type RunStatistics, runStatistics } from '../results/posterior/statistics.ts';
import { statisticsItem } from '../results/posterior/statistics-item.ts';
import type { Port } from './client.ts';
import { StatisticsHost, type StatisticsReply, type StatisticsRequest } from './statistics.ts';
import { StatisticsClient } from './statistics-client.ts';

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
});

const context = { priors: { a: { mean: 0, sigma: 2 } }, truthsFromPrior: true };

/** Client and host at the two ends of a real message channel: everything is cloned as between threads. */
function connect() {
  const channel = new MessageChannel();
  channels.push(channel);
  const host = new StatisticsHost((reply: StatisticsReply) => channel.port2.postMessage(reply));
  const seen: StatisticsRequest[] = [];
  channel.port2.on('message', (request: StatisticsRequest) => {
    seen.push(request);
    host.receive(request);
  });
  const port: Port = { postMessage: (message) => channel.port1.postMessage(message), onmessage: null };
  channel.port1.on('message', (data) => port.onmessage?.({ data } as MessageEvent));
  const client = new StatisticsClient(port);
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const stop = client.subscribe(() => {
        if (!holds()) return;
        stop();
        resolve();
      });
    });
  const sent = () => seen.flatMap((request) => (request.type === 'put' ? request.items.map(({ index }) => index) : []));
  return { client, until, seen, sent };
}

async function summaries(seed: number): Promise<readonly ItemSummary[]> {
  const workload = gaussianWorkload();
  const config = parseRunConfig({ seed, params: { means: [-1, 0, 1], repeats: 80, draws: 60 } }, [workload]);
  const run = new RunController({ plan: planRun(workload, config, {}, null), gpu: null, listener: {} });
  await run.run();
  return posteriorSummaries(run.store.summaries());
}

/** What the bundle says of these items. */
function expected(items: readonly ItemSummary[]): RunStatistics {
  return runStatistics(items.map(statisticsItem), context);
}

test('items in any order and in portions give the very numbers of the bundle; each is sent once', async () => {
  const { client, until, sent } = connect();
  const all = await summaries(1);
  const run = {};
  const half = all.filter(({ info }) => info.index % 2 === 1);
  client.ask({ run, summaries: half, context });
  await until(() => client.latest()?.items === half.length);
  expect(client.latest()).toEqual(expected(half));
  client.ask({ run, summaries: all.toReversed(), context });
  await until(() => client.latest()?.items === all.length);
  expect(client.latest()).toEqual(expected(all));
  expect(client.latest()!.parameters[0].corrected).not.toBeNull();
  expect(sent()).toHaveLength(all.length);
});

test('an item that was sampled again takes the place of its earlier one', async () => {
  const { client, until, sent } = connect();
  const [first, second] = [await summaries(1), await summaries(2)];
  const run = {};
  client.ask({ run, summaries: first, context });
  await until(() => client.latest() !== undefined);
  const mixed = first.map((summary, at) => (at === 5 ? second[5] : summary));
  client.ask({ run, summaries: mixed, context });
  await until(() => client.latest()?.parameters[0].naive?.m !== expected(first).parameters[0].naive?.m);
  expect(client.latest()).toEqual(expected(mixed));
  expect(sent().slice(first.length)).toEqual([5]);
});

test('statistics of another run are gone at once, and its items with them', async () => {
  const { client, until } = connect();
  const [first, second] = [await summaries(1), await summaries(2)];
  client.ask({ run: 'first', summaries: first, context });
  await until(() => client.latest() !== undefined);
  client.ask({ run: 'second', summaries: second.slice(0, 30), context });
  expect(client.latest()).toBeUndefined();
  await until(() => client.latest() !== undefined);
  expect(client.latest()).toEqual(expected(second.slice(0, 30)));
});

test('results of an earlier run that were still asked for under a new one do not stay in it', async () => {
  const { client, until } = connect();
  const [first, second] = [await summaries(1), await summaries(2)];
  client.ask({ run: 'second', summaries: first, context });
  await until(() => client.latest()?.items === first.length);
  client.ask({ run: 'second', summaries: second.slice(0, 30), context });
  await until(() => client.latest()?.items === 30);
  expect(client.latest()).toEqual(expected(second.slice(0, 30)));
});

test('of questions that come while one is under way only the last is answered', async () => {
  const { client, until, seen } = connect();
  const all = await summaries(1);
  for (let n = 1; n <= all.length; n += 10) client.ask({ run: 1, summaries: all.slice(0, n), context });
  client.ask({ run: 1, summaries: all, context });
  await until(() => client.latest()?.items === all.length);
  expect(seen.filter(({ type }) => type === 'compute')).toHaveLength(2);
});

test('a worker that cannot be loaded leaves a reason instead of statistics, sooner or later', async () => {
  const all = await summaries(1);
  for (const early of [true, false]) {
    const port: Port = { postMessage: () => undefined, onmessage: null };
    const client = new StatisticsClient(port);
    const told = new Promise<void>((resolve) => client.subscribe(() => client.problem() && resolve()));
    const fail = () => port.onerror?.({ message: 'no such file' } as ErrorEvent);
    if (early) fail();
    client.ask({ run: 1, summaries: all, context });
    if (!early) setTimeout(fail, 30);
    await told;
    expect(client.problem()).toBe('no such file');
    expect(client.latest()).toBeUndefined();
  }
});
