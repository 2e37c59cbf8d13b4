/**
 * Small runs on real devices that misbehave on demand. Every dispatch holds one unit of work, so that a chunk takes the same submits
 * whatever the machine's speed.
 */
import { expect } from 'vitest';
import { GpuContext } from '../../gpu/context.ts';
import { type FaultPlan, withFaults } from '../../gpu/faults.ts';
import { findNodeGpu, releaseNodeGpu } from '../../gpu/provider-node.ts';
import { workloads } from '../../workloads/index.ts';
import type { RunInputs, Workload } from '../../workloads/workload.ts';
import { findWorkload, parseRunConfig } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { RunController, type RunListener } from '../run/controller.ts';
import type { RunEvent } from '../run/events.ts';
import { collectBundle } from './collect.ts';
import { walksWorkload } from './walks.ts';

export const shear = findWorkload('shear', workloads);

/** The experiment itself, in the smallest dispatches. */
export const steadyShear: Workload = {
  ...shear,
  configure: (...given) => {
    const configured = shear.configure(...given);
    return {
      ...configured,
      shape: (report) => {
        const shape = configured.shape(report);
        return { ...shape, record: { ...shape.record, maxTransitionsPerDispatch: 1 } };
      },
    };
  },
};

const FIT_SUBMITS = 13;
const COLLECT_SUBMITS = 3;
const WARMUP = 4;
const DRAWS = 8;

export const tinyParams = {
  stampSize: 12,
  halfLightRadiusArcsec: 0.2,
  shearGrid: [0.02],
  realizations: 6,
  chains: 2,
  draws: DRAWS,
  warmup: WARMUP,
};

/** An experiment of six items, with the submits of a chunk. */
export interface Subject {
  readonly workload: Workload;
  readonly params: Readonly<Record<string, unknown>>;
  /** Submits of a chunk, from its first to its last. */
  readonly chunkSubmits: number;
  /** Submits of the first chunk by what they do, counted from 1. */
  readonly submit: { readonly first: 1; readonly middle: number; readonly collect: number; readonly nextChunk: number };
}

const SHEAR_SUBMITS = FIT_SUBMITS + WARMUP + DRAWS + COLLECT_SUBMITS;
/** Its kernels take more than two seconds to compile, on every device that is opened anew. */
export const steady: Subject = {
  workload: steadyShear,
  params: tinyParams,
  chunkSubmits: SHEAR_SUBMITS,
  submit: {
    first: 1,
    middle: FIT_SUBMITS + WARMUP,
    collect: SHEAR_SUBMITS - 1,
    nextChunk: SHEAR_SUBMITS + 1,
  },
};

const WALK_SUBMITS = 2 + DRAWS + 1;
/** For what the engine does about a loss, whatever the experiment: its kernel is compiled at once. */
export const walks: Subject = {
  workload: walksWorkload as unknown as Workload,
  params: { walks: 6, chains: 2, warmup: 2, draws: DRAWS },
  chunkSubmits: WALK_SUBMITS,
  submit: { first: 1, middle: 6, collect: WALK_SUBMITS, nextChunk: WALK_SUBMITS + 1 },
};

export interface FaultyRunOptions {
  /** `steady` unless given. */
  readonly subject?: Subject;
  /** Submits are counted from the start of this run. */
  readonly faults?: FaultPlan;
  readonly chunk?: number;
  /** Of the configuration, beside the chunk. */
  readonly batch?: Record<string, unknown>;
  readonly params?: Record<string, unknown>;
  readonly inputs?: RunInputs;
  readonly listener?: RunListener;
  /** False: a lost device stays lost. A function opens what comes in its place. */
  readonly reopens?: boolean | (() => Promise<GpuContext>);
  readonly workload?: Workload;
}

export interface FaultyRun {
  readonly run: RunController;
  /** Every device that it was given, the first one first. */
  readonly devices: readonly GpuContext[];
}

/** The plan of the device that runs share: compiling kernels anew for each would take most of the time. */
type Changeable = { -readonly [K in keyof FaultPlan]: FaultPlan[K] };
const sharedPlan: Changeable = {};
let shared: Promise<GpuContext> | undefined;
let sharedSubmits = 0;
const opened: GpuContext[] = [];

async function openFaulty(plan: FaultPlan): Promise<GpuContext> {
  const native = await findNodeGpu();
  if (!native) throw new Error('No Vulkan driver: install Chromium, or set VK_DRIVER_FILES.');
  const context = await GpuContext.open({ gpu: withFaults(native, plan) });
  opened.push(context);
  return context;
}

async function openShared(): Promise<GpuContext> {
  const context = await openFaulty(sharedPlan);
  const { queue } = context.device;
  const submit = queue.submit.bind(queue);
  queue.submit = (commands) => {
    sharedSubmits++;
    return submit(commands);
  };
  return context;
}

/** The shared device follows the plan from here on. */
function plant({ outOfMemoryAtSubmit, validationAtSubmit, slowAfterSubmits = 0, ...rest }: FaultPlan): void {
  const later = (submit: number | undefined) => submit && submit + sharedSubmits;
  for (const key of Object.keys(sharedPlan)) delete sharedPlan[key as keyof FaultPlan];
  Object.assign(sharedPlan, rest, {
    outOfMemoryAtSubmit: later(outOfMemoryAtSubmit),
    validationAtSubmit: later(validationAtSubmit),
    slowAfterSubmits: slowAfterSubmits + sharedSubmits,
  });
}

/** A run that is ready to start. A device that is to be lost, or refused its first buffer, is its own; `ownDevice` asks for one. */
export async function faultyRun(given: FaultyRunOptions & { ownDevice?: boolean } = {}): Promise<FaultyRun> {
  const { subject = steady, faults = {}, chunk = 2, batch = {}, params = {}, inputs = {}, listener = {} } = given;
  const { workload = subject.workload } = given;
  const own = given.ownDevice === true || faults.loseAfterSubmits !== undefined || faults.validationAtSubmit === 0;
  plant(own ? {} : faults);
  shared ??= openShared();
  const gpu = own ? await openFaulty(faults) : await shared;
  const devices = [gpu];
  const reopen = async () => {
    // A second device that is to be lost must not be the shared one.
    const next =
      (faults.loseTimes ?? 1) > devices.length ? await openFaulty({ ...faults, loseTimes: 1 }) : await shared!;
    devices.push(next);
    return next;
  };
  const config = parseRunConfig(
    { workload: workload.id, batch: { size: chunk, ...batch }, params: { ...subject.params, ...params } },
    [workload],
  );
  const plan = planRun(workload, config, inputs, gpu.report);
  const { reopens = true } = given;
  const opens = typeof reopens === 'function' ? reopens : reopens ? reopen : undefined;
  return { run: new RunController({ plan, gpu, listener, reopen: opens }), devices };
}

/** For `afterAll`. */
export function closeFaultyDevices(): void {
  for (const context of opened.splice(0)) context.destroy();
  shared = undefined;
  undisturbed.clear();
  releaseNodeGpu();
}

/** Everything that an item's result holds, as text: numbers print all their digits, so equal text is equal bits. */
export function bitsOf(run: RunController): Map<number, string> {
  return new Map(
    run.store
      .items()
      .map((item) => [
        item.info.index,
        JSON.stringify(item, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value)),
      ]),
  );
}

interface Undisturbed {
  readonly bits: ReadonlyMap<number, string>;
  readonly resultId: string;
  readonly planBytes: number;
}
const undisturbed = new Map<Subject, Promise<Undisturbed>>();

/** What a subject's run gives that nothing disturbs; made once. */
export function undisturbedRun(subject: Subject): Promise<Undisturbed> {
  const had = undisturbed.get(subject);
  if (had) return had;
  const made = faultyRun({ subject }).then(async ({ run }) => {
    expect(await run.run()).toMatchObject({ state: 'finished', failed: [] });
    expect(run.events).toEqual([]);
    const bits = bitsOf(run);
    expect(new Set(bits.values()).size).toBe(6);
    return { bits, resultId: (await collectBundle(run)).resultId, planBytes: run.plan.totalBytes };
  });
  undisturbed.set(subject, made);
  return made;
}

export interface Survived extends FaultyRun {
  readonly subject: Subject;
  readonly kinds: readonly RunEvent['kind'][];
  readonly state: string;
}

/** Runs to the end; whatever happened, no memory stays and what there is has the right bits. */
export async function survive(given: FaultyRunOptions): Promise<Survived> {
  const { subject = steady } = given;
  const { bits: expected } = await undisturbedRun(subject);
  const fractions: number[] = [];
  const faulty = await faultyRun({
    ...given,
    listener: { progress: ({ fraction }) => fractions.push(fraction), ...given.listener },
  });
  const { run, devices } = faulty;
  const { state } = await run.run();
  for (const { ledger } of devices) expect(ledger.current).toBe(0);
  for (const [index, bits] of bitsOf(run)) expect(bits, `item ${index}`).toBe(expected.get(index));
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  return { ...faulty, subject, kinds: run.events.map(({ kind }) => kind), state };
}

export async function expectAsUndisturbed({ run, subject }: Survived): Promise<void> {
  const { bits, resultId } = await undisturbedRun(subject);
  expect(run.outcome).toMatchObject({ state: 'finished', failed: [], progress: { fraction: 1, etaMs: 0 } });
  expect(bitsOf(run)).toEqual(bits);
  expect((await collectBundle(run)).resultId).toBe(resultId);
}

export const eventsOfKind = ({ events }: FaultyRun['run'], kind: RunEvent['kind']) =>
  events.filter((event) => event.kind === kind);

/** Moments of a run of three chunks: name, submits before it, items that then run again. */
export function momentsOf({ chunkSubmits, submit }: Subject): [string, number, number[]][] {
  return [
    ['at allocation', 0, [0, 1]],
    ['at the first submit', submit.first, [0, 1]],
    ['in the middle of a chunk', submit.middle, [0, 1]],
    ['while the results are collected', submit.collect, [0, 1]],
    ['between chunks', submit.nextChunk, [2, 3]],
    ['in the middle of the last chunk', 2 * chunkSubmits + submit.middle, [4, 5]],
    ['while the last results are collected', 3 * chunkSubmits, [4, 5]],
  ];
}

/** A loss at that submit costs only the chunk in flight, which runs again on another device. */
export async function expectChunkAgain(subject: Subject, loseAfterSubmits: number, again: readonly number[]) {
  const faulty = await survive({ subject, faults: { loseAfterSubmits } });
  await expectAsUndisturbed(faulty);
  expect(faulty.devices).toHaveLength(2);
  expect(faulty.kinds).toEqual(['loss', 'reopened', 'retry']);
  const [loss, reopened, retry] = faulty.run.events;
  const { many } = subject.workload.itemName;
  expect(loss.message).toMatch(new RegExp(`2 ${many} were under way \\(batch size 2\\).*unknown: lost on demand`));
  expect(loss).toMatchObject({ items: again, reason: expect.stringContaining('unknown') });
  expect(reopened.message).toContain(faulty.devices[0].report.name);
  expect(retry).toMatchObject({ items: again });
  expect(faulty.run.timings.map(({ finished }) => finished)).toEqual([2, 2, 2]);
}

/** A loss at that submit, in the middle of a rescue, costs only what that rescue had under way. */
export async function expectRescueAgain(given: FaultyRunOptions, loseAfterSubmits: number): Promise<void> {
  const { run: calm } = await faultyRun(given);
  await calm.run();
  expect(calm.rescues.length).toBeGreaterThan(0);
  let rescue = 0;
  const event = ({ kind }: RunEvent) => {
    if (kind === 'loss') rescue = run.progress.rescue;
  };
  const { run } = await faultyRun({ ...given, faults: { loseAfterSubmits }, listener: { event } });
  await run.run();
  expect(eventsOfKind(run, 'loss')).toHaveLength(1);
  expect(rescue).toBe(1);
  expect(run.rescues).toEqual(calm.rescues);
  expect(bitsOf(run)).toEqual(bitsOf(calm));
  expect((await collectBundle(run)).resultId).toBe((await collectBundle(calm)).resultId);
}
