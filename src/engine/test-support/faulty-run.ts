/**
 * Small shear runs on real devices that misbehave on demand. Every dispatch holds one unit of work, so that a chunk takes the same submits
 * whatever the machine's speed: 13 of the fit, one a transition, 3 of the results.
 */
import { GpuContext } from '../../gpu/context.ts';
import { type FaultPlan, withFaults } from '../../gpu/faults.ts';
import { findNodeGpu, releaseNodeGpu } from '../../gpu/provider-node.ts';
import { workloads } from '../../workloads/index.ts';
import type { RunInputs, Workload } from '../../workloads/workload.ts';
import { RunController, type RunListener } from '../controller.ts';
import { planRun } from '../plan-run.ts';
import { findWorkload, parseRunConfig } from '../run-config.ts';

export const shear = findWorkload('shear', workloads);

/** The experiment itself, in the smallest dispatches. */
export const steadyShear: Workload = {
  ...shear,
  shape: (...given) => ({ ...shear.shape(...given), maxTransitionsPerDispatch: 1 }),
};

const FIT_SUBMITS = 13;
const COLLECT_SUBMITS = 3;
const WARMUP = 4;
const DRAWS = 8;
/** Submits of a chunk, from its first to its last. */
export const CHUNK_SUBMITS = FIT_SUBMITS + WARMUP + DRAWS + COLLECT_SUBMITS;

/** Submits of the first chunk by what they do, counted from 1. */
export const SUBMIT = {
  first: 1,
  middle: FIT_SUBMITS + WARMUP,
  collect: CHUNK_SUBMITS - 1,
  nextChunk: CHUNK_SUBMITS + 1,
} as const;

export const tinyParams = {
  stampSize: 12,
  halfLightRadiusArcsec: 0.2,
  shearGrid: [0.02],
  realizations: 6,
  chains: 2,
  draws: DRAWS,
  warmup: WARMUP,
};

export interface FaultyRunOptions {
  /** Submits are counted from the start of this run. */
  readonly faults?: FaultPlan;
  readonly chunk?: number;
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
  const { faults = {}, chunk = 2, params = {}, inputs = {}, listener = {}, workload = steadyShear } = given;
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
  const config = parseRunConfig({ workload: 'shear', batch: { size: chunk }, params: { ...tinyParams, ...params } });
  const plan = planRun(workload, config, inputs, gpu.report);
  const { reopens = true } = given;
  const opens = typeof reopens === 'function' ? reopens : reopens ? reopen : undefined;
  return { run: new RunController({ plan, gpu, listener, reopen: opens }), devices };
}

/** For `afterAll`. */
export function closeFaultyDevices(): void {
  for (const context of opened.splice(0)) context.destroy();
  shared = undefined;
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
