/** Tuning as the page asks for it. Loaded when it first does. */
import { precisionsOn } from '../engine/plan-run.ts';
import type { RunConfig } from '../engine/run-config.ts';
import { TunerDevice } from '../engine/tuner/device.ts';
import { forget, remember } from '../engine/tuner/memory.ts';
import { tune } from '../engine/tuner/tune.ts';
import type { TuneEvent, TuningKey } from '../engine/tuner/types.ts';
import type { GpuContext } from '../gpu/context.ts';
import type { RunInputs, Workload } from '../workloads/workload.ts';
import { type DeviceOwner, requireDevice, type Tested } from './device-owner.ts';
import type { TuneReply } from './engine-api.ts';
import { tuningMemory } from './tuning-memory.ts';

export interface PageTuning {
  readonly workload: Workload;
  readonly config: RunConfig;
  readonly inputs: RunInputs;
  readonly gpu: GpuContext;
  readonly reopen: () => Promise<GpuContext>;
  readonly signal: AbortSignal;
  readonly tell: (event: TuneEvent) => void;
}

/** Tunes every precision, and remembers. Rejects as `tune` does; a browser that keeps no files is told in the reply. */
export async function tuneForPage({ gpu, reopen, ...task }: PageTuning): Promise<TuneReply> {
  const device = new TunerDevice(gpu, reopen);
  const results = await tune(
    { ...task, device, now: () => performance.now() },
    precisionsOn(task.workload, gpu.report),
  );
  try {
    await tuningMemory.save(results.reduceRight(remember, [...(await tuningMemory.load())]));
    return { results };
  } catch (error) {
    const reason = (error as Error).message;
    return {
      results,
      notKept: `This browser keeps no files for the page (${reason}): the result lasts until it is closed.`,
    };
  }
}

/** The open device, a new one after a loss. Throws `NotNowError` where there is none, and as `DeviceOwner.passed` does. */
export function deviceToMeasure(devices: DeviceOwner, tested: Tested): Promise<GpuContext> {
  return requireDevice(devices, tested, {
    message: 'There is no GPU to measure.',
    todo: 'On the CPU the batch size changes little but when results appear.',
  });
}

/** Lets go of what is remembered under that key: "auto" is then the batch table's entry again. */
export async function forgetTuning(key: TuningKey): Promise<void> {
  await tuningMemory.save(forget(await tuningMemory.load(), key));
}
