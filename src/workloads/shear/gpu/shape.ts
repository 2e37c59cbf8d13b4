/** How the shear kernels are laid out on an adapter. Chosen from the adapter and the problem, never from the batch size. */
import { guessMemoryClass } from '../../../batch/memory-class.ts';
import { type BatchSizes, sizesFor } from '../../../batch/sizes.ts';
import { type AdapterReport, usableIterations } from '../../../gpu/report.ts';
import type { KernelShape } from '../../workload.ts';
import { gradientsPerTransition, type ModelSpec } from '../model-spec.ts';

/** Loop iterations of an evaluation besides the pixels: transforms, chain rule, components; counted with a margin. */
const OVERHEAD_ITERATIONS = 600;
const DEFAULT_MAX_INVOCATIONS = 256;

/** What the kernels are linked and dispatched by. */
export interface ShearShape {
  readonly threadsPerChain: number;
  /** Posteriors that share a workgroup. Packing only: no sum crosses posteriors, so bits do not depend on it. */
  readonly posteriorsPerWorkgroup: number;
  /** Transitions a single dispatch may run (bounded on adapters that limit loop iterations). */
  readonly maxTransitionsPerDispatch: number;
}

/** As the engine counts and records it. */
export function asKernelShape(shape: ShearShape): KernelShape {
  return { workgroupsPerItem: 1 / shape.posteriorsPerWorkgroup, record: { ...shape } };
}

/** What `asKernelShape` recorded. */
export function asShearShape({ record }: KernelShape): ShearShape {
  return record as unknown as ShearShape;
}

/** Throws nothing: every adapter has a shape that runs. */
export function chooseShape(
  report: AdapterReport,
  spec: ModelSpec,
  sizes: BatchSizes = sizesFor(guessMemoryClass(report)),
): ShearShape {
  const { chains } = spec.sampler;
  const maxInvocations = Math.min(
    report.limits.maxComputeInvocationsPerWorkgroup ?? DEFAULT_MAX_INVOCATIONS,
    report.limits.maxComputeWorkgroupSizeX ?? DEFAULT_MAX_INVOCATIONS,
    DEFAULT_MAX_INVOCATIONS,
  );
  let threadsPerChain = sizes['shear.threadsPerChain'];
  while (threadsPerChain > 1 && threadsPerChain * chains > maxInvocations) threadsPerChain /= 2;
  // Where the driver bounds loop iterations, a large stamp needs several threads even if one would be faster.
  const bound = usableIterations(report);
  while (iterations(spec, threadsPerChain) > bound && 2 * threadsPerChain * chains <= maxInvocations)
    threadsPerChain *= 2;
  const posteriorsPerWorkgroup =
    threadsPerChain > 1
      ? 1
      : Math.max(1, Math.floor(Math.min(sizes['shear.chainsPerWorkgroup'], maxInvocations) / chains));
  const most = sizes['shear.transitionsPerDispatch'];
  const bounded = Math.max(1, Math.floor(bound / iterations(spec, threadsPerChain)));
  return { threadsPerChain, posteriorsPerWorkgroup, maxTransitionsPerDispatch: Math.min(most, bounded) };
}

/** Loop iterations an invocation spends on one transition. */
function iterations(spec: ModelSpec, threadsPerChain: number): number {
  return gradientsPerTransition(spec) * (Math.ceil((spec.nx * spec.ny) / threadsPerChain) + OVERHEAD_ITERATIONS);
}
