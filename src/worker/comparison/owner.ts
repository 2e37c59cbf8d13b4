/** The worker's comparison of precisions: of one observation, with the user's files, on the open device. */
import { loadInputs } from '../../engine/load-inputs.ts';
import { comparePrecisions } from '../../engine/quality/compare-precisions.ts';
import type { PrecisionComparison } from '../../engine/quality/types.ts';
import { findWorkload, parseRunConfig, type Registry } from '../../engine/run-config.ts';
import { ConfigError, type RunInputs } from '../../workloads/workload.ts';
import { type DeviceOwner, requireDevice } from '../device-owner.ts';
import type { ComparisonEvent, ComparisonWish } from './types.ts';

const PROGRESS_MS = 100;

export interface ComparisonSetting {
  readonly registry: Registry;
  readonly devices: DeviceOwner;
  readonly files: RunInputs;
  readonly signal: AbortSignal;
  readonly post: (event: ComparisonEvent) => void;
}

/** Rejects with the reason of the signal, with the field that is wrong, and as `comparePrecisions` does. */
export async function compareForPage(
  { config: given, item, points }: ComparisonWish,
  { registry, devices, files, signal, post }: ComparisonSetting,
): Promise<PrecisionComparison> {
  // One observation fills a chunk, and both samples of a C2ST come out of one run.
  const params = { ...given.params, samples: 2 * points };
  const config = parseRunConfig({ ...given, params, precision: 'f32', batch: { ...given.batch, size: 1 } }, registry);
  const workload = findWorkload(config.workload, registry);
  const inputs = await loadInputs(workload, config.params, files);
  const { count } = workload.configure(config.params, inputs);
  if (item >= count) throw new ConfigError('item', `There is no observation ${item}: there are ${count}.`);
  const gpu = await requireDevice(devices, config, {
    message: 'There is no GPU to compare precisions on: the CPU computes in f64.',
    todo: 'Open this page where there is WebGPU.',
  });
  let told = Number.NEGATIVE_INFINITY;
  return comparePrecisions(
    { workload, config, inputs, gpu, only: [item], points },
    {
      signal,
      progress: (progress) => {
        if (performance.now() - told < PROGRESS_MS) return;
        told = performance.now();
        post({ type: 'comparisonProgress', progress });
      },
    },
  );
}
