/** Training as a job through the worker's protocol, on a real device. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseRunConfig } from '../../../engine/config/run-config.ts';
import { GpuContext } from '../../../gpu/context.ts';
import { findNodeGpu, releaseNodeGpu } from '../../../gpu/provider-node.ts';
import { Trainer } from '../../../nn/training/trainer.ts';
import { type JobClient, jobOf } from '../../../worker/client.ts';
import { connectClient } from '../../../worker/test-support/connect-client.ts';
import type { HeldSetting } from '../../../worker/training/held.ts';
import { gaussian } from '../tasks/gaussian.ts';
import { twoMoons } from '../tasks/two-moons.ts';
import { decodeNetwork } from '../weights/network-file.ts';
import { flowWorkload } from '../workload.ts';
import { ScoreHost, type ScoreReply, type ScoreRequest } from './score.ts';
import { type ScorePort, Scorer } from './scorer.ts';
import { TrainingJob } from './training.ts';
import type { TrainingEvent, TrainingTypes } from './training-types.ts';

let gpu: GPU;
const opened: GpuContext[] = [];
/** The device of all trainings but one that loses its own: compiling kernels anew for each would take most of the time. */
let shared: GpuContext;
beforeAll(async () => {
  gpu = (await findNodeGpu())!;
  shared = await open();
  // Ten steps from one report to the next, however long they take.
  const advance = Trainer.prototype.advance;
  vi.spyOn(Trainer.prototype, 'advance').mockImplementation(function (this: Trainer) {
    return advance.call(this, Number.POSITIVE_INFINITY, 10);
  });
});
afterAll(() => {
  for (const context of opened) context.destroy();
  releaseNodeGpu();
});

async function open(): Promise<GpuContext> {
  const context = await GpuContext.open({ gpu });
  opened.push(context);
  return context;
}

/** Without its own self-test, which trains nothing. */
const hasty = { ...flowWorkload, selfTest: undefined };

function connect() {
  const client = connectClient({ registry: [hasty], openGpu: async () => shared });
  return { client, training: jobOf<TrainingTypes>(client, 'flow', 'training') };
}

/** The training ends, for whatever reason. */
const ending = (training: JobClient<TrainingTypes>) =>
  new Promise<Extract<TrainingEvent, { type: 'ended' }>>((resolve) => {
    training.on((event) => event.type === 'ended' && resolve(event));
  });

/** Goes on until it is stopped. */
const endless = { task: 'gaussian', width: 16, depth: 2, batch: 64, simulations: 1000, steps: 1_000_000, rate: 0.003 };
const sampling = parseRunConfig({ workload: 'flow', params: { task: 'gaussian', samples: 8, steps: 2 } }, [
  flowWorkload,
]);

test('a training reports, excludes runs, pauses, stops, and gives its network to runs and to files', async () => {
  const { client, training } = connect();
  await client.init();
  await expect(training.tell('save')).rejects.toThrow('No network has been trained');
  await expect(training.start({ ...endless, width: 12 })).rejects.toMatchObject({ field: 'width' });
  await expect(training.start({ ...endless, observation: 'nowhere' })).rejects.toMatchObject({ field: 'observation' });
  const states: string[] = [];
  const state = (wanted: string) =>
    new Promise<void>((resolve) => {
      const stop = training.on((event) => {
        if (event.type !== 'progress' || event.report.state !== wanted) return;
        stop();
        resolve();
      });
    });
  training.on((event) => event.type === 'progress' && states.push(event.report.state));
  const reply = await training.start(endless);
  expect(reply.recipe).toMatchObject({ batch: 64, optimiser: { steps: 1_000_000, rate: 0.003 } });
  expect(reply.plan.buffers.map(({ name }) => name)).toContain('optimiser');
  await expect(client.run(sampling)).rejects.toThrow('A network is being trained');
  await expect(client.init()).rejects.toThrow('A network is being trained');
  await expect(training.start(endless)).rejects.toThrow('A network is being trained');
  training.tell('pause', true);
  await state('paused');
  const before = await training.tell('save');
  training.tell('pause', false);
  await state('training');
  const ended = ending(training);
  training.stop();
  const { report, error } = await ended;
  expect(error).toBeUndefined();
  expect(report).toMatchObject({ state: 'stopped', skipped: 0 });
  expect(report.step).toBeGreaterThan(0);
  expect(report.curve.length).toBeGreaterThan(0);
  expect(states).toContain('training');

  const saved = await training.tell('save');
  expect(saved.name).toBe(`gaussian-${report.step}.safetensors`);
  const network = decodeNetwork(saved.name, saved.bytes);
  expect(network.provenance).toMatchObject({ simulations: 1000, steps: report.step, batch: 64 });
  expect(network.model.weights).not.toEqual(decodeNetwork('before', before.bytes).model.weights);
  expect(await training.tell('use')).toMatchObject({ role: 'network', name: saved.name });
  expect((await client.run(sampling, { paused: true })).notes.join(' ')).toContain(saved.name);
  await expect(training.start(endless)).rejects.toThrow('A run is in progress');
  const finished = new Promise((resolve) => client.on('finished', resolve));
  client.stop();
  await finished;
});

test('what does not fit is refused with what to change', async () => {
  const { client, training } = connect();
  await client.init();
  // Two gibibytes of activations, and few weights.
  const wish = { ...endless, batch: 65_536, width: 256, depth: 32 };
  await expect(training.start(wish)).rejects.toMatchObject({
    field: 'batch',
    report: { name: 'TrainingMemoryError', todo: expect.stringContaining('32768') },
  });
  // Nothing is in the way of another.
  const ended = ending(training);
  await training.start({ ...endless, steps: 5 });
  expect((await ended).report.state).toBe('done');
});

test('without a GPU there is nothing to train on', async () => {
  const { client, training } = connect();
  await client.init({ cpu: true });
  await expect(training.start(endless)).rejects.toThrow('no GPU to train on');
});

/** Samples on either side of a score here: a classifier takes seconds to tell a thousand apart. */
const SCORED = 100;

/** The scoring worker's host behind a port of the same thread, which hands on the first samples alone. */
function scorePort(asked: ScoreRequest[]): ScorePort {
  const port: ScorePort = {
    postMessage: (request) => {
      asked.push(request);
      const samples = request.samples.slice(0, SCORED * gaussian.thetaDim);
      setTimeout(() => host.receive({ ...request, samples }));
    },
    onmessage: null,
  };
  const host = new ScoreHost((data: ScoreReply) => port.onmessage?.({ data } as MessageEvent<ScoreReply>));
  return port;
}

test('looks and scores come while it trains, and a lost device costs neither weights nor training', async () => {
  const events: TrainingEvent[] = [];
  const logs: string[] = [];
  const asked: ScoreRequest[] = [];
  let enough = () => {};
  const scored = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const devices: GpuContext[] = [];
  const first = await open();
  const setting: HeldSetting = {
    requireGpu: async () => {
      const device = devices.length === 0 ? first : shared;
      devices.push(device);
      return device;
    },
    post: (event) => {
      events.push(event as TrainingEvent);
      if (events.at(-1)?.type === 'score') enough();
    },
    warn: (message) => logs.push(message),
    takeFile: () => Promise.reject(new Error('no file is taken here')),
  };
  const job = new TrainingJob(setting, {
    // One score is enough: it rests for ever.
    scorer: () => new Scorer(scorePort(asked), Number.POSITIVE_INFINITY),
    lookMs: 0,
  });
  const stopping = new AbortController();
  const { ended } = await job.start({ ...endless, observation: 'own-2' }, stopping.signal);
  await scored;
  const looks = events.flatMap((event) => (event.type === 'look' ? [event.look] : []));
  expect(looks[0]).toMatchObject({ observation: 'own-2', dimension: 3 });
  expect(looks[0].samples).toHaveLength(512 * 3);
  expect(asked).toHaveLength(1);
  expect(asked[0].samples).toHaveLength(1000 * 3);
  const [score] = events.flatMap((event) => (event.type === 'score' ? [event.score] : []));
  expect(score).toMatchObject({ observation: 'own-2', samples: 1000 });
  // A network of ten steps is far off, exact draws are not: of 200 points the C2ST has a standard error of 0.035.
  expect(score.c2st).toBeGreaterThan(0.6);
  expect(score.selfControl).toBeGreaterThan(0.4);
  expect(score.selfControl).toBeLessThan(0.6);

  const progress = () => events.filter(({ type }) => type === 'progress').length;
  devices[0].destroy();
  while (devices.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = progress();
  while (progress() === before) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(logs.join(' ')).toContain('goes on from step');
  stopping.abort();
  await ended;
  expect(events.at(-1)).toMatchObject({ type: 'ended', report: { state: 'stopped' }, error: undefined });
  expect(devices[1].ledger.current).toBe(0);
});

test('exact samples score like their self-control; a shifted sample is told apart; what is wrong is answered', () => {
  const replies: ScoreReply[] = [];
  const host = new ScoreHost((reply) => replies.push(reply));
  const { id, x } = twoMoons.observations[0];
  // Of 300 points the C2ST has a standard error of 0.03.
  const exact = Float32Array.from(twoMoons.samplePosterior(x, 150, [9, 9]));
  host.receive({ task: 'two_moons', observation: id, samples: exact, seed: 1 });
  host.receive({ task: 'two_moons', observation: id, samples: exact.map((value) => value + 0.3), seed: 1 });
  host.receive({ task: 'two_moons', observation: 'nowhere', samples: exact, seed: 1 });
  const [same, shifted, wrong] = replies;
  if (same.type !== 'score' || shifted.type !== 'score') throw new Error('no score');
  expect(Math.abs(same.c2st - 0.5)).toBeLessThan(0.1);
  expect(shifted.c2st).toBeGreaterThan(0.9);
  expect(shifted.selfControl).toBe(same.selfControl);
  expect(wrong).toMatchObject({ type: 'failed', message: expect.stringContaining('nowhere') });
});
