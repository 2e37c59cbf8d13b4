/** One item in every precision of its experiment, in turns: with the user's files, on the open device. */
import { loadInputs } from '../../engine/config/load-inputs.ts';
import { findWorkload, parseRunConfig } from '../../engine/config/run-config.ts';
import { comparePrecisions } from '../../engine/quality/compare-precisions.ts';
import { ConfigError } from '../../workloads/workload.ts';
import type { Job, JobSetting } from '../jobs.ts';
import type { ComparisonJob } from './types.ts';

const PROGRESS_MS = 100;

export function comparisonJob(setting: JobSetting): Job<ComparisonJob> {
  return {
    /** Rejects with the reason of the signal, with the field that is wrong, and as `comparePrecisions` does. */
    async start({ config: given, item, points }, signal) {
      // One item fills a chunk.
      const alone = { ...given, precision: 'f32', batch: { ...given.batch, size: 1 } };
      const config = parseRunConfig(alone, setting.registry);
      const workload = findWorkload(config.workload, setting.registry);
      if (workload.precisions.length < 2)
        throw new ConfigError('precision', `${workload.title} computes in f32 alone: there is nothing to compare.`);
      const inputs = await loadInputs(workload, config.params, setting.inputs);
      const { count } = workload.configure(config.params, inputs);
      if (item >= count)
        throw new ConfigError('item', `There is no ${workload.itemName.one} ${item}: there are ${count}.`);
      const gpu = await setting.requireGpu(config.precision, {
        message: 'There is no GPU to compare precisions on: the CPU computes in f64.',
        todo: 'Open this page where there is WebGPU.',
      });
      let told = Number.NEGATIVE_INFINITY;
      const reply = await comparePrecisions(
        { workload, config, inputs, gpu, only: [item], points },
        {
          signal,
          progress: (progress) => {
            if (performance.now() - told < PROGRESS_MS) return;
            told = performance.now();
            setting.post(progress);
          },
        },
      );
      return { reply };
    },
  };
}
