/** What jobs on texts begin with: the configuration read, model and texts loaded, and where they run. */
import { parseRunConfig, type RunConfig } from '../../../engine/config/run-config.ts';
import type { JobSetting } from '../../../worker/jobs.ts';
import { decoderPlace } from '../evaluation/place.ts';
import { type EvaluationSetting, storageOf } from '../evaluation/setting.ts';
import { loadActivations } from '../load.ts';
import { readActivationsParams } from '../params.ts';

/** @throws ConfigError, FileError, and what `JobSetting.gpu` throws */
export async function evaluationSetting(given: RunConfig, setting: JobSetting): Promise<EvaluationSetting> {
  const { params: values, seed, precision, batch } = parseRunConfig(given, setting.registry);
  // Files may have come and gone since the job was made.
  const { model, texts } = await loadActivations(values, setting.inputs);
  const gpu = await setting.gpu(precision);
  return {
    model,
    texts,
    params: readActivationsParams(values),
    seed,
    storage: storageOf(precision),
    place: decoderPlace(model, gpu, batch.sizes),
  };
}
