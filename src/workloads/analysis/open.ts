/** Sessions of metrics: on a device in f32, on the CPU in f64. */
import { type BatchSizes, defaultSizes } from '../../batch/sizes.ts';
import type { GpuContext } from '../../gpu/context.ts';
import type { BufferPlan } from '../../gpu/plan.ts';
import { deviceMachines } from '../../nn/graph/device/machine.ts';
import { twinMachines } from '../../nn/graph/twin/machine.ts';
import type { KernelShape } from '../workload.ts';
import type { MachineShape } from './configured.ts';
import type { AnalysisProblem } from './problem.ts';
import { MetricSession } from './session.ts';

/** Throws the typed errors of `GpuContext`. */
export function openOnDevice(
  gpu: GpuContext,
  problem: AnalysisProblem,
  _plan: BufferPlan,
  shape: KernelShape,
  sizes: BatchSizes = defaultSizes,
): Promise<MetricSession> {
  return new MetricSession({ ...problem, sizes }, deviceMachines(gpu, (shape as MachineShape).machine)).open();
}

export function openTwin(problem: AnalysisProblem): Promise<MetricSession> {
  return new MetricSession(problem, twinMachines).open();
}
