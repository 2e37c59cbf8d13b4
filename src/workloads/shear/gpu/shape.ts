/** How the shear kernels are laid out on an adapter. Chosen from the adapter and the problem, never from the batch size. */
import type { AdapterReport } from '../../../gpu/report.ts';
import type { KernelShape } from '../../workload.ts';
import { gradientsPerTransition, type ModelSpec } from '../model-spec.ts';

/** Threads that share a chain's pixels on a GPU. On software adapters a thread's own loop is cheaper than barriers (bench/NOTES.md). */
const GPU_THREADS_PER_CHAIN = 32;
/** Chains side by side in a workgroup of a software adapter: the widest SIMD unit one is known to use (llvmpipe with AVX2: 8 lanes). */
const SOFTWARE_LANES = 8;
/** Loop iterations of an evaluation besides the pixels: transforms, chain rule, components; counted with a margin. */
const OVERHEAD_ITERATIONS = 600;
const DEFAULT_MAX_INVOCATIONS = 256;
/** Kept free below the driver's bound on loop iterations. */
const ITERATION_MARGIN = 0.9;
/** Enough that a submit is never limited by it. */
const UNLIMITED_TRANSITIONS = 4096;

/** Throws nothing: every adapter has a shape that runs. */
export function chooseShape(report: AdapterReport, spec: ModelSpec): KernelShape {
  const { chains } = spec.sampler;
  const maxInvocations = Math.min(
    report.limits.maxComputeInvocationsPerWorkgroup ?? DEFAULT_MAX_INVOCATIONS,
    report.limits.maxComputeWorkgroupSizeX ?? DEFAULT_MAX_INVOCATIONS,
    DEFAULT_MAX_INVOCATIONS,
  );
  let threadsPerChain = report.software ? 1 : GPU_THREADS_PER_CHAIN;
  while (threadsPerChain > 1 && threadsPerChain * chains > maxInvocations) threadsPerChain /= 2;
  // Where the driver bounds loop iterations, a large stamp needs several threads even if one would be faster.
  const bound = report.loopIterationLimit === null ? null : report.loopIterationLimit * ITERATION_MARGIN;
  while (bound !== null && iterations(spec, threadsPerChain) > bound && 2 * threadsPerChain * chains <= maxInvocations)
    threadsPerChain *= 2;
  const posteriorsPerWorkgroup = threadsPerChain > 1 ? 1 : Math.max(1, Math.floor(SOFTWARE_LANES / chains));
  return {
    threadsPerChain,
    posteriorsPerWorkgroup,
    maxTransitionsPerDispatch:
      bound === null ? UNLIMITED_TRANSITIONS : Math.max(1, Math.floor(bound / iterations(spec, threadsPerChain))),
  };
}

/** Loop iterations an invocation spends on one transition. */
function iterations(spec: ModelSpec, threadsPerChain: number): number {
  return gradientsPerTransition(spec) * (Math.ceil((spec.nx * spec.ny) / threadsPerChain) + OVERHEAD_ITERATIONS);
}
