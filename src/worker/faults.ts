/** A GPU that misbehaves on demand. Loaded when somebody asks for faults. */
import { type FaultPlan, withFaults } from '../gpu/faults.ts';
import { findGpu } from '../gpu/provider.ts';

/** @param now false while the plan is set aside; undefined where there is no WebGPU */
export async function faultyGpu(plan: FaultPlan, now: () => boolean): Promise<GPU | undefined> {
  const gpu = await findGpu();
  return gpu && withFaults(gpu, plan, now);
}
