/** How the sampler's kernel is laid out on an adapter, in the engine's words. */
import { guessMemoryClass } from '../../batch/memory-class.ts';
import { type BatchSizes, sizesFor } from '../../batch/sizes.ts';
import type { Precision } from '../../gpu/precision.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { MlpSpec } from '../../nn/mlp.ts';
import { chooseTile, netPrecision, type TileShape, tileSamples } from '../../nn/mlp-kernel.ts';
import type { FlowShape } from './kernel-shape.ts';
import { SAMPLES_A_GROUP } from './sampling/plan.ts';

/**
 * Steps of a dispatch are chosen by time, not here.
 * @param samples that there are in all, where that is known: few leave no lane of a software adapter empty
 */
export function chooseFlowShape(
  report: AdapterReport,
  net: MlpSpec,
  steps: number,
  sizes: BatchSizes = sizesFor(guessMemoryClass(report)),
  wanted: Precision = 'f32',
  samples = Number.POSITIVE_INFINITY,
): FlowShape {
  const precision = netPrecision(wanted);
  const tile = chooseTile(report, net, precision, sizes['flow.tileGroups'], samples / SAMPLES_A_GROUP);
  return {
    threadsPerChain: tile.neuronGroups,
    posteriorsPerWorkgroup: tileSamples(tile),
    maxTransitionsPerDispatch: steps,
    precision,
    ...(tile.quads ? { quads: true } : {}),
  };
}

export function tileOf({ threadsPerChain, posteriorsPerWorkgroup, quads }: FlowShape): TileShape {
  return {
    sampleGroups: Math.max(1, Math.floor(posteriorsPerWorkgroup / SAMPLES_A_GROUP)),
    neuronGroups: threadsPerChain,
    quads,
  };
}
