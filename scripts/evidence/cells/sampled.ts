/** Cells of given settings, from a device or from the f64 twin. */
import { defaultSizes } from '../../../src/batch/sizes.ts';
import type { GpuContext } from '../../../src/gpu/context.ts';
import { DeviceMixture, DeviceTable } from '../../../src/workloads/cells/sampling/device-tables.ts';
import { MixturePredictor } from '../../../src/workloads/cells/sampling/mixture-predictor.ts';
import { DeviceSampler } from '../../../src/workloads/cells/sampling/session-core.ts';
import type { SamplerSettings } from '../../../src/workloads/cells/sampling/settings.ts';
import type { TablePredictor } from '../../../src/workloads/cells/sampling/table-predictor.ts';
import type { TokenSampler } from '../../../src/workloads/cells/sampling/token-sampler.ts';
import { TwinSampler } from '../../../src/workloads/cells/sampling/twin.ts';

/** Cells that are sampled at once. */
const AT_ONCE = 25_000;

export interface Asked {
  readonly cells: number;
  readonly firstSeed: number;
  /** Tokens that every cell starts with. */
  readonly start?: readonly number[];
  /** The label of every cell. */
  readonly label?: number;
}

export async function sampled(
  gpu: GpuContext | undefined,
  settings: SamplerSettings,
  predictor: TablePredictor | MixturePredictor,
  { cells, firstSeed, start, label }: Asked,
): Promise<Uint8Array> {
  const chunk = Math.min(cells, AT_ONCE);
  const sampler: TokenSampler = gpu
    ? await DeviceSampler.open(gpu, settings, onDevice(predictor), chunk)
    : new TwinSampler(settings, predictor, defaultSizes);
  try {
    const found = new Uint8Array(cells * settings.genes);
    for (let first = 0; first < cells; first += chunk) {
      const some = Math.min(chunk, cells - first);
      sampler.begin({
        seeds: Uint32Array.from({ length: some }, (_, i) => firstSeed + first + i),
        ...(start && { start: Uint8Array.from({ length: some * start.length }, (_, i) => start[i % start.length]) }),
        ...(label !== undefined && { labels: new Uint32Array(2 * some).fill(label) }),
      });
      await sampler.advance(Number.POSITIVE_INFINITY);
      found.set(await sampler.tokens(), first * settings.genes);
    }
    return found;
  } finally {
    sampler.close();
  }
}

const onDevice = (predictor: TablePredictor | MixturePredictor) =>
  predictor instanceof MixturePredictor ? new DeviceMixture(predictor) : new DeviceTable(predictor);
