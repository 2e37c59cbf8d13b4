/** Jobs through the worker's protocol: who keeps whom off the device, who gives way, and what they are told. */
import { expect, test } from 'vitest';
import { parseRunConfig } from '../engine/config/run-config.ts';
import { gaussianWorkload } from '../engine/test-support/gaussian.ts';
import { jobOf } from './client.ts';
import type { Job, JobKind } from './jobs.ts';
import { connectClient } from './test-support/connect-client.ts';

interface CountTypes {
  readonly wish: number;
  readonly reply: string;
  readonly event: string;
  readonly messages: { add(more: number): number; end(): void };
}

const registry = [gaussianWorkload()];
const config = parseRunConfig({ params: { draws: 4000 } }, registry);
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Jobs that count as they are told, and go on until they are told to end or their signal aborts. */
function connect() {
  const loaded: string[] = [];
  const kind = (name: string, asks: string, device: JobKind['device']): JobKind => ({
    asks,
    device,
    load: async () => {
      // Code takes a moment to load: what is told meanwhile must not be lost.
      await soon();
      loaded.push(name);
      let count = 0;
      let end = () => {};
      return ({ post }): Job<CountTypes> => ({
        async start(wish, signal) {
          if (wish < 0) throw new RangeError('It counts from 0.');
          signal.throwIfAborted();
          count = wish;
          post(`${name} counts`);
          const ended = new Promise<void>((resolve, reject) => {
            end = resolve;
            signal.addEventListener('abort', () => reject(signal.reason));
          });
          if (device === 'yields') await ended;
          return { reply: `${name} from ${wish}`, ended };
        },
        messages: {
          add: (more) => {
            count += more;
            return count;
          },
          end: () => end(),
        },
      });
    },
  });
  const jobs = {
    gaussian: {
      holding: kind('holding', 'count alone', { words: 'Somebody counts', todo: 'End it first.' }),
      yielding: kind('yielding', 'count on the side', 'yields'),
      beside: kind('beside', 'count beside', 'none'),
    },
  };
  const client = connectClient({ registry, jobs });
  const of = (name: string) => jobOf<CountTypes>(client, 'gaussian', name);
  return { client, of, loaded, holding: of('holding'), yielding: of('yielding'), beside: of('beside') };
}

test('one that holds the device keeps others off until it has ended, and answers what it is told', async () => {
  const { client, holding, yielding, loaded } = connect();
  await client.init({ cpu: true });
  expect(loaded).toEqual([]);
  const told: string[] = [];
  holding.on((event) => told.push(event));
  yielding.on((event) => told.push(event));
  expect(await holding.start(3)).toBe('holding from 3');
  expect(told).toEqual(['holding counts']);
  expect(await holding.tell('add', 4)).toBe(7);
  for (const refused of [client.run(config), client.init({ cpu: true }), holding.start(0), yielding.start(0)])
    await expect(refused).rejects.toMatchObject({
      report: {
        name: 'NotNowError',
        message: expect.stringMatching(/^Somebody counts; cannot /),
        todo: 'End it first.',
      },
    });
  await holding.tell('end');
  await client.run(config, { paused: true });
  await expect(holding.start(0)).rejects.toThrow('A run is in progress; cannot count alone.');
  await expect(yielding.start(0)).rejects.toThrow('A run is in progress; cannot count on the side.');
  // What it remembers can be asked for all the same.
  expect(await holding.tell('add', 1)).toBe(8);
  client.stop();
});

test('one that fails leaves the device free', async () => {
  const { client, holding } = connect();
  await client.init({ cpu: true });
  await expect(holding.start(-1)).rejects.toMatchObject({ report: { name: 'RangeError' } });
  expect(await holding.start(1)).toBe('holding from 1');
});

test('one that yields waits for its like and is given up for whoever wants to hold the device', async () => {
  const { client, yielding, holding, loaded } = connect();
  await client.init({ cpu: true });
  const first = yielding.start(1);
  const second = yielding.start(2);
  while (loaded.length === 0) await soon();
  await yielding.tell('end');
  expect(await first).toBe('yielding from 1');
  expect(await yielding.tell('add', 0)).toBe(2);
  const third = yielding.start(3);
  const held = holding.start(0);
  await expect(second).rejects.toThrow('The device was wanted for something else.');
  await expect(third).rejects.toThrow('Somebody counts; cannot count on the side.');
  expect(await held).toBe('holding from 0');
});

test('one without the device goes on beside a run', async () => {
  const { client, beside } = connect();
  await client.init({ cpu: true });
  await client.run(config, { paused: true });
  expect(await beside.start(5)).toBe('beside from 5');
  client.stop();
});

test('a stop ends what has begun and what has been asked for, and nothing that comes later', async () => {
  const { client, holding } = connect();
  await client.init({ cpu: true });
  const early = holding.start(1);
  holding.stop();
  await expect(early).rejects.toMatchObject({ report: { name: 'JobStoppedError' } });
  await holding.start(2);
  holding.stop();
  expect(await holding.start(3)).toBe('holding from 3');
});

test('what there is not is refused by name', async () => {
  const { client, of, beside } = connect();
  await expect(of('singing').start(0)).rejects.toThrow('The experiment gaussian has no job "singing".');
  await expect(client.tellJob('gaussian', 'beside', 'sing')).rejects.toThrow('cannot be told "sing"');
  await expect(beside.start(-1)).rejects.toThrow('counts from 0');
});

test('an experiment with one precision has nothing to compare', async () => {
  const { client } = connect();
  await client.init({ cpu: true });
  const compare = () => client.job('gaussian', 'precisions', { config, item: 0, points: 10 });
  await expect(compare()).rejects.toMatchObject({ field: 'precision' });
});
