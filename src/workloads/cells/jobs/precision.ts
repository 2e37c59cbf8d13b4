/** Precisions beside each other as a job: holds the device, tells one after the other, and keeps them when it is stopped. */
import { parseRunConfig } from '../../../engine/config/run-config.ts';
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import { measurePrecisions } from '../evaluation/precision.ts';
import { loadCells } from '../load.ts';
import { drawPlace } from './draw-place.ts';
import type { PrecisionEvent, PrecisionTypes } from './precision-types.ts';

const NO_GPU = {
  message: 'There is no GPU whose precisions could be compared.',
  todo: 'Open the page in a browser with WebGPU.',
};

export function precisionJob(setting: JobSetting): Job<PrecisionTypes> {
  const post = (event: PrecisionEvent) => setting.post(event);
  return {
    async start({ config: given, cells }, signal) {
      // Files may have come and gone since the job was made.
      const { inputs, registry } = setting;
      const config = parseRunConfig(given, registry);
      const { params, seed } = config;
      const loaded = await loadCells(params, inputs);
      const place = await drawPlace(config, inputs, loaded, (precision) => setting.requireGpu(precision, NO_GPU));
      const table = await measurePrecisions({ loaded, params, seed, cells }, place, {
        signal,
        progress: (told) => post({ type: 'progress', ...told }),
        row: (row, table) => post({ type: 'row', row, table }),
      });
      return { reply: table };
    },
  };
}
