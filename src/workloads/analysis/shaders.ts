/** The WGSL of a metric's machine, for the bundle and the Shader tab. */
import { type BatchSizes, defaultSizes } from '../../batch/sizes.ts';
import { machineShaders } from '../../nn/graph/device/machine-shaders.ts';
import type { KernelShape } from '../workload.ts';
import { type MachineShape, planned } from './configured.ts';
import type { AnalysisProblem } from './problem.ts';

export async function analysisShaders(
  { params, file, seed, stage }: AnalysisProblem,
  shape: KernelShape,
  sizes: BatchSizes = defaultSizes,
): Promise<Readonly<Record<string, string>>> {
  const { metric, setting, objection } = planned(params.metrics[stage], params, file, sizes, seed);
  return objection === undefined ? machineShaders(metric.machine(setting), (shape as MachineShape).machine) : {};
}
