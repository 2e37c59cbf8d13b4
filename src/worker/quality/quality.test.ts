import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { parseRunConfig } from '../../engine/config/run-config.ts';
import { NO_FIT, type PosteriorItem } from '../../results/posterior/item.ts';
import { qualityItem } from '../../results/posterior/quality/item.ts';
import { runQualitySteps } from '../../results/posterior/quality/run-quality.ts';
import type { RunQuality } from '../../results/posterior/quality/types.ts';
import { summarizeItem } from '../../results/posterior/summary.ts';
import { finish } from '../../stats/two-sample/steps.ts';
import { exactFlow } from '../../workloads/flow/exact.ts';
import { twoMoons } from '../../workloads/flow/tasks/two-moons.ts';
import { flowWorkload } from '../../workloads/flow/workload.ts';
import type { Port } from '../client.ts';
import { QualityClient, type QualityState, type QualityWish } from './client.ts';
import { QualityHost } from './host.ts';
import type { QualityReply, QualityRequest } from './types.ts';

const channels: MessageChannel[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close();
    port2.close();
  }
});

/** From here on each look at the clock is a second after the last: the host listens after every step, however fast it is. Returns what ends this. */
function listenOften(): () => void {
  let now = performance.now();
  const spy = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1000;
    return now;
  });
  return () => spy.mockRestore();
}

/** Client and host at the two ends of a real message channel: everything is cloned as between threads. */
function connect() {
  const channel = new MessageChannel();
  channels.push(channel);
  const host = new QualityHost([flowWorkload], (reply: QualityReply) => channel.port2.postMessage(reply));
  const seen: QualityRequest[] = [];
  channel.port2.on('message', (request: QualityRequest) => {
    seen.push(request);
    host.receive(request);
  });
  const port: Port = { postMessage: (message) => channel.port1.postMessage(message), onmessage: null };
  const replies: QualityReply[] = [];
  channel.port1.on('message', (data) => {
    replies.push(data);
    port.onmessage?.({ data } as MessageEvent);
  });
  const client = new QualityClient(port);
  const until = (holds: (state: QualityState) => boolean) =>
    new Promise<QualityState>((resolve) => {
      const look = () => {
        if (!holds(client.state())) return;
        stop();
        resolve(client.state());
      };
      const stop = client.subscribe(look);
      look();
    });
  const sent = () => seen.flatMap((request) => (request.type === 'put' ? [request.item.index] : []));
  return { client, port, until, seen, sent, replies };
}

/** Classifiers take most of the time: of fewer points they learn each by heart, over thousands of epochs. */
const DRAWS = 127;

/** 22 simulations of the two moons, their "run" a sampler that is exact. */
function madeRun(seed: number) {
  const params = { task: 'two_moons', truthSource: 'prior', observations: 22, samples: DRAWS };
  const items = Array.from({ length: 22 }, (_, index): PosteriorItem => {
    const { theta, x } = twoMoons.simulate([seed, 1], index);
    const values = twoMoons.samplePosterior(x, DRAWS, [seed, index]);
    const truth = { theta_1: theta[0], theta_2: theta[1] };
    return {
      info: { index, runId: `moons_${index}`, seed: seed + index, truth, observation: [...x] },
      chains: 1,
      draws: DRAWS,
      sampling: 'independent',
      parameters: [0, 1].map((i) => ({ name: `theta_${i + 1}`, values: values.filter((_, at) => at % 2 === i) })),
      stats: [],
      fit: NO_FIT,
      gradients: 0,
    };
  });
  const config = parseRunConfig({ workload: 'flow', preset: 'quick', seed, params });
  return { config, items, summaries: items.map((item) => summarizeItem(item)) };
}

type MadeRun = ReturnType<typeof madeRun>;
const runs = [madeRun(1), madeRun(2)];

const wishOf = (run: MadeRun, more: Partial<QualityWish> = {}): QualityWish => ({
  run,
  config: run.config,
  summaries: run.summaries,
  truthsFromPrior: true,
  size: 'quick',
  item: async (index) => run.items[index],
  ...more,
});

const found = new Map<MadeRun, RunQuality>();
/** What is found of the whole run without a worker. */
function expected(run: MadeRun): RunQuality {
  const { config, items } = run;
  const exact = exactFlow(config.params);
  const taken = items.map((item) => qualityItem(item, DRAWS)!);
  const question = { size: 'quick', items: taken, ofItems: items.length, exact, truthsFromPrior: true } as const;
  const quality = found.get(run) ?? finish(runQualitySteps(question));
  found.set(run, quality);
  return quality;
}

test('gives the very numbers of metrics.json, with progress; each item is sent once', async () => {
  const { client, until, sent } = connect();
  const states: QualityState[] = [];
  client.subscribe(() => states.push(client.state()));
  await client.ask(wishOf(runs[0], { summaries: runs[0].summaries.toReversed() }));
  const { quality } = await until(({ status }) => status === 'done');
  expect(quality).toEqual(expected(runs[0]));
  expect(quality!.calibration).toMatchObject({ n: 22, draws: DRAWS });
  expect(states.filter(({ status }) => status === 'working').map(({ compared }) => compared.length)).toContain(3);
  const fractions = states.flatMap(({ progress }) => (progress ? [progress.fraction] : []));
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  await client.ask(wishOf(runs[0]));
  expect(client.state()).toMatchObject({ status: 'working', quality });
  await until(({ status }) => status === 'done');
  expect(sent()).toEqual(Array.from({ length: 22 }, (_, index) => index));
});

test('a question can be cancelled; what the next one finds is right', async () => {
  const { client, until, replies } = connect();
  await client.ask(wishOf(runs[0]));
  await until(({ compared }) => compared.length === 1);
  const asBefore = listenOften();
  client.cancel();
  expect(client.state()).toMatchObject({ status: 'cancelled', compared: [{ index: 0 }] });
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (!replies.some(({ type }) => type === 'cancelled')) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
  // It was given up long before its end.
  expect(replies.some(({ type }) => type === 'quality')).toBe(false);
  asBefore();
  await client.ask(wishOf(runs[0]));
  expect((await until(({ status }) => status === 'done')).quality).toEqual(expected(runs[0]));
});

test('another run takes the place of one under way, with nothing of it left', async () => {
  const { client, until, replies } = connect();
  await client.ask(wishOf(runs[0]));
  await until(({ compared }) => compared.length === 1);
  const asBefore = listenOften();
  await client.ask(wishOf(runs[1], { truthsFromPrior: false }));
  expect(client.state().compared).toEqual([]);
  await until(({ compared }) => compared.length === 1);
  asBefore();
  const { quality } = await until(({ status }) => status === 'done');
  const whole = expected(runs[1]);
  // Truths of the user's own observations were drawn by no prior.
  expect(quality).toEqual({ ...whole, calibration: null });
  expect(replies.filter(({ type }) => type === 'quality')).toHaveLength(1);
});

test('what cannot be measured is told', async () => {
  const { client, until, port } = connect();
  const gone = new Error('The results are gone.');
  await client.ask(wishOf(runs[0], { item: () => Promise.reject(gone) }));
  expect(client.state()).toMatchObject({ status: 'failed', problem: 'The results are gone.' });
  const bare = { ...runs[0].items[0], sampling: 'chains' as const };
  await client.ask(wishOf(runs[0], { item: async () => bare }));
  expect(client.state().problem).toContain('are not known');
  await client.ask(wishOf(runs[0], { config: { ...runs[0].config, workload: 'shear' } }));
  expect(await until(({ problem }) => problem?.includes('shear') ?? false)).toMatchObject({ status: 'failed' });
  port.onerror?.({ message: 'no such file' } as ErrorEvent);
  await client.ask(wishOf(runs[0]));
  expect(client.state()).toMatchObject({ status: 'failed', problem: 'no such file' });
});

test('what a bundle tells of a run is shown until another is asked for', async () => {
  const { client } = connect();
  const quality = expected(runs[0]);
  client.show('bundle', quality);
  expect(client.state()).toEqual({ status: 'done', compared: quality.compared, quality });
  client.forget();
  expect(client.state()).toEqual({ status: 'idle', compared: [] });
});
