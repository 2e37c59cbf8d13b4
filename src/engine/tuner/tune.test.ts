/**
 * The tuner on a real device that misbehaves as asked, with real sessions of small problems. Its clock is none: it tells the work that was
 * done, so that what the tuner decides does not hang on what else the machine has to do.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { GpuContext } from '../../gpu/context.ts';
import { DeviceLostError, OutOfMemoryError, ValidationError } from '../../gpu/errors.ts';
import { type FaultPlan, withFaults } from '../../gpu/faults.ts';
import { planBytes } from '../../gpu/plan.ts';
import { findNodeGpu, releaseNodeGpu } from '../../gpu/provider-node.ts';
import { workloads } from '../../workloads/index.ts';
import { NO_SHAPE, type Session, type Workload } from '../../workloads/workload.ts';
import { findWorkload, parseRunConfig } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { RunController } from '../run/controller.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { inTwoStages } from '../test-support/two-stages.ts';
import { walksWorkload } from '../test-support/walks.ts';
import { TunerDevice } from './device.ts';
import { TuningCancelledError } from './errors.ts';
import { decodeResults, encodeResults, planRemembered, tuningKey } from './memory.ts';
import { probeAllocation } from './probe.ts';
import type { Beyond } from './setting.ts';
import { settled } from './settled.ts';
import { touchPages } from './touch.ts';
import { tune } from './tune.ts';
import type { TuneEvent } from './types.ts';

let gpu: GPU;
const opened: GpuContext[] = [];
beforeAll(async () => {
  gpu = (await findNodeGpu())!;
});
afterAll(() => {
  for (const context of opened) context.destroy();
  releaseNodeGpu();
});

const MIB = 1024 ** 2;
let events: TuneEvent[] = [];
/** Milliseconds, as sessions say (`costing`). */
let clock = 0;
beforeEach(() => {
  events = [];
});
const heard = <T extends TuneEvent['type']>(type: T) =>
  events.filter((event): event is Extract<TuneEvent, { type: T }> => event.type === type);

async function deviceWith(faults: FaultPlan = {}): Promise<TunerDevice> {
  const entry = withFaults(gpu, faults);
  const open = async () => {
    const context = await GpuContext.open({ gpu: entry });
    opened.push(context);
    return context;
  };
  return new TunerDevice(await open(), open);
}

interface Given {
  readonly workload: Workload;
  readonly config: object;
  readonly device: TunerDevice;
  readonly signal?: AbortSignal;
  readonly costs?: Costs;
  readonly beyond?: Beyond;
}

async function tuneOf({ config, device, signal, costs, beyond, ...given }: Given) {
  const workload = costing(given.workload, costs);
  const [result] = await tune(
    {
      workload,
      config: parseRunConfig({ workload: workload.id, ...config }, [workload]),
      inputs: {},
      device,
      signal: signal ?? new AbortController().signal,
      tell: (event) => {
        events.push(event);
      },
      now: () => clock,
      beyond,
    },
    ['f32'],
  );
  return result;
}

/** Posteriors that are over at once; the plan takes 1 MiB an item. */
const quickGaussian = (items: number) => ({ params: { means: [0], repeats: items, draws: 4, warmup: 0, chains: 1 } });

const planFor = (chunk: number) => {
  const workload = gaussianWorkload();
  const { params } = parseRunConfig({ workload: 'gaussian', ...quickGaussian(8) }, [workload]);
  return workload.configure(params, {}).plan(chunk, NO_SHAPE);
};

const probe = (device: TunerDevice, largest: number, signal = new AbortController().signal) =>
  probeAllocation({ device, planFor, largest, signal, now: () => clock, tell: () => undefined });

test('the kernel writes every page of every storage buffer, copies reach the others', async () => {
  const { gpu: context } = await deviceWith();
  const buffer = (name: string, bytes: number, role: 'storage' | 'readback') => ({
    name,
    bytes,
    role,
    bytesPerItem: 0,
    formula: '',
  });
  // Pages for more than one row of groups would take gigabytes; a last page that is not whole is here.
  const plan = { chunk: 1, buffers: [buffer('large', 5 * MIB + 8, 'storage'), buffer('staging', 6 * MIB, 'readback')] };
  const allocation = await context.allocate(plan);
  await touchPages(context, plan, allocation);
  const staging = allocation.buffer('staging');
  await staging.mapAsync(GPUMapMode.READ);
  const words = new Uint32Array(staging.getMappedRange());
  const pages = Math.ceil((5 * MIB + 8) / 4096);
  for (let page = 0; page < pages; page++) expect(words[page * 1024]).toBe(page + 1);
  expect(words[1]).toBe(0);
  // The second copy begins where the first ended.
  expect(words[(5 * MIB + 8) / 4]).toBe(1);
  staging.unmap();
  allocation.destroy();
  expect(context.ledger.current).toBe(0);
});

test('the probe finds what the device gives to 6 %, and gives everything back', async () => {
  const device = await deviceWith({ outOfMemoryAboveBytes: 37 * MIB });
  const report = await probe(device, 1000);
  expect(report).toMatchObject({ refused: true });
  expect(report.largestFitted).toBeLessThanOrEqual(36);
  expect(report.largestFitted).toBeGreaterThanOrEqual(34);
  for (const { chunk, fitted, bytes, reason } of report.trials) {
    expect(fitted).toBe(chunk <= 36);
    expect(bytes).toBe(planBytes(planFor(chunk)));
    expect(reason).toMatch(fitted ? /every page written/ : /no room/);
  }
  expect(device.gpu.ledger.current).toBe(0);
  expect(device.losses).toBe(0);
});

test('the probe stops at what the caps allow', async () => {
  const report = await probe(await deviceWith(), 12);
  expect(report).toMatchObject({ largestFitted: 12, refused: false });
  expect(report.trials.map(({ chunk }) => chunk)).toEqual([1, 2, 4, 8, 12]);
});

test('a validation error in the probe is a defect, never a lack of memory', async () => {
  const device = await deviceWith({ validationAtSubmit: 3 });
  await expect(probe(device, 12)).rejects.toBeInstanceOf(ValidationError);
  expect(device.gpu.ledger.current).toBe(0);
  const twice = planFor(1).buffers[0];
  const wrong = probeAllocation({
    device: await deviceWith(),
    planFor: (chunk) => ({ chunk, buffers: [twice, twice] }),
    largest: 4,
    signal: new AbortController().signal,
    now: () => 0,
    tell: () => undefined,
  });
  await expect(wrong).rejects.toThrow('twice');
});

test('a device lost in the probe ends that attempt; the next runs on a new device', async () => {
  const device = await deviceWith({ loseAfterSubmits: 3 });
  const first = device.gpu;
  const report = await probe(device, 12);
  expect(device.losses).toBe(1);
  expect(device.gpu).not.toBe(first);
  const failed = report.trials.filter(({ fitted }) => !fitted);
  expect(failed).toHaveLength(1);
  expect(failed[0].reason).toMatch(/lost.*new one/);
  expect(report.largestFitted).toBeGreaterThanOrEqual(failed[0].chunk / 2);
});

test('of a run in several stages the first is tuned: the batch size is that stage’s', async () => {
  const workload = inTwoStages(gaussianWorkload() as unknown as Workload);
  const result = await tuneOf({ workload, config: quickGaussian(8), device: await deviceWith() });
  expect(result.key.items).toBe(4);
  expect(result.ladder.every(({ verdict, chunk }) => verdict === 'measured' && chunk <= 4)).toBe(true);
  expect(result.verification.at(-1)).toMatchObject({ passed: true, items: 4 });
});

test('a device that keeps going away ends the tuning with a message', async () => {
  const device = await deviceWith({ loseAfterSubmits: 1, loseTimes: 100 });
  const ended = await probe(device, 64).catch((error) => error);
  // One item does not even fit: nothing to bisect.
  expect(ended).toMatchObject({ largestFitted: 0, refused: true });
  const again = tuneOf({ workload: gaussianWorkload(), config: quickGaussian(8), device });
  await expect(again).rejects.toMatchObject({
    name: 'TuningError',
    message: expect.stringContaining('even one galaxy'),
  });
});

test('a tiny shear problem is tuned from caps to verification; the recommendation is what a run takes', async () => {
  const workload = findWorkload('shear', workloads);
  const json = { preset: 'quick', params: { shearGrid: [0.02], realizations: 3, draws: 8, warmup: 4, rescue: false } };
  const device = await deviceWith();
  const result = await tuneOf({ workload, config: json, device });
  expect(device.gpu.ledger.current).toBe(0);
  const phases = events.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1]);
  // What was disturbed is noted at the end.
  expect(phases.slice(0, 7)).toEqual(['caps', 'probe', 'serial', 'ladder', 'note', 'choice', 'verify']);
  expect(result.caps).toMatchObject({ binding: 'items', largest: 3 });
  expect(result.probe).toMatchObject({ largestFitted: 3, refused: false });
  expect(result.serial).toMatchObject({ items: 3 });
  for (const trial of result.ladder) {
    expect(trial).toMatchObject({ verdict: 'measured', basis: 'whole', steps: 3, chunkMs: CHUNK_MS });
    const { buffers } = planRun(workload, parseRunConfig({ workload: 'shear', ...json }), {}, device.gpu.report, {
      chunk: trial.chunk,
    });
    expect(trial.bytes).toBe(planBytes(buffers));
  }
  expect(result.verification.at(-1)).toMatchObject({ passed: true, items: 3, chunk: result.recommended });
  expect(result.predictedItemsPerSecond).toBeGreaterThan(0);
  // The real run does what the ladder times, and more.
  expect(result.verification.at(-1)!.firstPassItemsPerSecond).toBeGreaterThanOrEqual(result.predictedItemsPerSecond);
  expect(structuredClone(result)).toEqual(result);

  const config = parseRunConfig({ workload: 'shear', ...json, seed: 9 });
  const { plan } = planRemembered([result], workload, config, {}, device.gpu.report);
  expect(plan).toMatchObject({ chunk: result.recommended, chunkSource: 'tuned' });
  expect(tuningKey(plan, device.gpu.report)).toEqual(result.key);
  const run = new RunController({ plan, gpu: device.gpu, listener: {} });
  expect(await run.run()).toMatchObject({ state: 'finished', failed: [] });
});

test('asked for, it goes on beyond the run, and the recommendation stays that of the run', async () => {
  const workload = findWorkload('shear', workloads);
  const config = {
    preset: 'quick',
    params: { shearGrid: [0.02], realizations: 2, draws: 8, warmup: 4, rescue: false },
  };
  const device = await deviceWith();
  const result = await tuneOf({ workload, config, device, beyond: { upTo: 6 } });
  expect(device.gpu.ledger.current).toBe(0);
  const sizes = result.beyond!.trials.map(({ chunk, verdict, items }) => [chunk, verdict, items]);
  expect(sizes).toEqual([
    [4, 'measured', 'simulated'],
    [6, 'measured', 'simulated'],
  ]);
  expect(result.caps.largest).toBe(2);
  expect(result.recommended).toBeLessThanOrEqual(2);
  expect(result.key.items).toBe(2);
  expect(heard('beyond').map(({ line }) => line)[0]).toMatch(
    /^Beyond the run, chunk 4: 100 ms a chunk, so 40 items\/s; .*further items simulated\.$/,
  );
  expect(decodeResults(encodeResults([result]))).toEqual([result]);
});

test('of a chunk too long to be run whole the fit and some transitions are timed, and the rest follows from them', async () => {
  // So many chains that a call, which takes 5 ms of the processor, is never most of the chunk.
  const config = { params: { means: [0], repeats: 1, draws: 4000, warmup: 0, chains: 16 } };
  const costs = { startMs: 0, transitionMs: 3 };
  const result = await tuneOf({ workload: gaussianWorkload(), config, device: await deviceWith(), costs });
  expect(result.ladder).toMatchObject([{ chunk: 1, verdict: 'measured', basis: 'estimate', chunkMs: 4000 * 3 }]);
  expect(heard('note').map(({ line }) => line)).toContain(
    'Serial: not measured, one item takes longer than a trial may.',
  );
  expect(result.verification).toMatchObject([{ passed: true, items: 1, itemsPerSecond: 1 / 12 }]);
});

test.each([
  ['a rung', () => heard('ladder').length === 1],
  ['the verification', () => heard('choice').length === 1],
])('cancelled in the middle of %s: it ends with that piece of work, everything given back', async (_where, reached) => {
  const abort = new AbortController();
  const device = await deviceWith();
  let advances = 0;
  const spied = spyOnSessions(oneByOne(walksWorkload as unknown as Workload), {
    advance: () => {
      if (reached() && ++advances === 2) abort.abort(new TuningCancelledError());
    },
  });
  const config = { params: { walks: 2 } };
  const ended = tuneOf({ workload: spied, config, device, signal: abort.signal });
  await expect(ended).rejects.toBeInstanceOf(TuningCancelledError);
  expect(advances).toBe(2);
  expect(device.gpu.ledger.current).toBe(0);
});

test('a device lost in a trial ends the ladder there, and the tuner goes on with a new one', async () => {
  const workload = gaussianWorkload();
  const device = await deviceWith();
  const lossy = spyOnSessions(workload, {
    open: (chunk) => {
      if (chunk !== 4 || heard('ladder').length !== 2) return;
      device.gpu.destroy();
      throw new DeviceLostError('unknown', 'in a trial');
    },
  });
  const result = await tuneOf({ workload: lossy, config: quickGaussian(8), device });
  expect(device.losses).toBe(1);
  const ladder = settled(result.ladder);
  expect(ladder.map(({ chunk, verdict }) => [chunk, verdict])).toEqual([
    [1, 'measured'],
    [2, 'measured'],
    [4, 'failed'],
  ]);
  expect(ladder[2].reason).toContain('lost');
  expect([1, 2]).toContain(result.recommended);
  expect(workload.counters.open).toBe(0);
});

test('a recommendation that does not run as it is steps down by a tenth until one does', async () => {
  const tight = spyOnSessions(gaussianWorkload(), {
    open: (chunk) => {
      // The run itself would go on with halves: for the tuner that is no pass.
      if (heard('choice').length > 0 && chunk > 1) throw new OutOfMemoryError(2 * MIB, 'another program took it');
    },
  });
  const config = { params: { means: [0], repeats: 2, draws: 40, warmup: 0 } };
  const device = await deviceWith();
  const result = await tuneOf({ workload: tight, config, device });
  expect(result.verification.map(({ chunk, passed }) => [chunk, passed])).toEqual([
    [2, false],
    [1, true],
  ]);
  expect(result.verification[0].reason).toContain('another program took it');
  expect(result).toMatchObject({ recommended: 1, recommendedBytes: MIB + 64 });
});

test('an item that fails whatever the batch is no reason to step down', async () => {
  const config = { params: { means: [0], repeats: 2, draws: 12, broken: [1] } };
  const ended = tuneOf({ workload: gaussianWorkload(), config, device: await deviceWith() });
  await expect(ended).rejects.toThrow('item 1 has no gradient');
});

/** The workload with something that happens before a session is opened or advanced. */
function spyOnSessions(
  workload: Workload,
  spies: { readonly open?: (chunk: number) => void; readonly advance?: () => void },
): Workload {
  return {
    ...workload,
    open: async (context, problem, plan, ...rest) => {
      spies.open?.(plan.chunk);
      const session = await workload.open(context, problem, plan, ...rest);
      const watched: Session = {
        start: (items) => session.start(items),
        advance: (...given) => {
          spies.advance?.();
          return session.advance(...given);
        },
        peek: (...given) => session.peek(...given),
        collect: () => session.collect(),
        close: () => session.close(),
      };
      return watched;
    },
  };
}

/** What a chunk and its transitions take, whatever its size. */
interface Costs {
  readonly startMs: number;
  readonly transitionMs: number;
}
const CHUNK_MS = 100;

/** The workload with sessions that tell the clock what they did. */
function costing(
  workload: Workload,
  { startMs, transitionMs }: Costs = { startMs: CHUNK_MS, transitionMs: 0 },
): Workload {
  return {
    ...workload,
    open: async (...given) => {
      const session = await workload.open(...given);
      let transitions = 0;
      const watched: Session = {
        start: (items) => {
          clock += startMs;
          transitions = 0;
          return session.start(items);
        },
        advance: async (...budget) => {
          const progress = await session.advance(...budget);
          clock += transitionMs * (progress.steps - transitions);
          transitions = progress.steps;
          return progress;
        },
        peek: (...what) => session.peek(...what),
        collect: () => session.collect(),
        close: () => session.close(),
      };
      return watched;
    },
  };
}

/** The workload with sessions that do one transition a call: a chunk takes as many calls on every machine. */
function oneByOne(workload: Workload): Workload {
  return {
    ...workload,
    open: async (...given) => {
      const session = await workload.open(...given);
      const slow: Session = {
        start: (items) => session.start(items),
        advance: (budgetMs) => session.advance(budgetMs, 1),
        peek: (...what) => session.peek(...what),
        collect: () => session.collect(),
        close: () => session.close(),
      };
      return slow;
    },
  };
}
