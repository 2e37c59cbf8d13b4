/** Steps against quality as a job: holds the device, tells point after point, and keeps them when it is stopped. */
import { parseRunConfig } from '../../../engine/config/run-config.ts';
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import { measureSteps } from '../evaluation/steps.ts';
import { loadCells } from '../load.ts';
import { drawPlace } from './draw-place.ts';
import type { StepsEvent, StepsTypes } from './steps-types.ts';

export function stepsJob(setting: JobSetting): Job<StepsTypes> {
  const post = (event: StepsEvent) => setting.post(event);
  return {
    async start({ config: given, ...wish }, signal) {
      // Files may have come and gone since the job was made.
      const { inputs, registry } = setting;
      const config = parseRunConfig(given, registry);
      const { params, seed, precision } = config;
      const loaded = await loadCells(params, inputs);
      const place = await drawPlace(config, inputs, loaded, (precision) => setting.gpu(precision));
      const table = await measureSteps({ loaded, params, seed, precision, ...wish }, place, {
        signal,
        progress: (told) => post({ type: 'progress', ...told }),
        point: (point, table) => post({ type: 'point', point, table }),
      });
      return { reply: table };
    },
  };
}
