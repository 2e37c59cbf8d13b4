/** Tuning as the page asks for it: which batch size suits this adapter, in every precision. Loaded when it first does. */
import { loadInputs } from '../../engine/config/load-inputs.ts';
import { findWorkload, parseRunConfig } from '../../engine/config/run-config.ts';
import { precisionsOn } from '../../engine/plan/plan-run.ts';
import { TunerDevice } from '../../engine/tuner/device.ts';
import { forget, remember } from '../../engine/tuner/memory.ts';
import { tune } from '../../engine/tuner/tune.ts';
import type { TuningKey, TuningResult } from '../../engine/tuner/types.ts';
import type { Job, JobSetting } from '../jobs.ts';
import { tuningMemory } from './memory.ts';
import type { TuneReply, TuningTypes } from './types.ts';

const NO_GPU = {
  message: 'There is no GPU to measure.',
  todo: 'On the CPU the batch size changes little but when results appear.',
};

export function tuningJob(setting: JobSetting): Job<TuningTypes> {
  return {
    /** Tunes every precision, and remembers. Rejects as `tune` does, and with `NotNowError` where there is no GPU. */
    async start({ config: given, beyond }, signal) {
      const config = parseRunConfig(given, setting.registry);
      const workload = findWorkload(config.workload, setting.registry);
      const reopen = () => setting.requireGpu(config.precision, NO_GPU);
      const inputs = await loadInputs(workload, config.params, setting.inputs);
      const gpu = await reopen();
      const device = new TunerDevice(gpu, reopen);
      const results = await tune(
        { workload, config, inputs, device, signal, tell: setting.post, now: () => performance.now(), beyond },
        precisionsOn(workload, gpu.report),
      );
      return { reply: await remembered(results) };
    },
  };
}

/** A browser that keeps no files is told in the reply. */
async function remembered(results: readonly TuningResult[]): Promise<TuneReply> {
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

/** Lets go of what is remembered under that key: "auto" is then the batch table's entry again. */
export async function forgetTuning(key: TuningKey): Promise<void> {
  await tuningMemory.save(forget(await tuningMemory.load(), key));
}
