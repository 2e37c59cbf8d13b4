/** Kernels whose threads share a sum: as many in every workgroup, since the order of the sum hangs on them. */
import { type GraphKernel, graphKernel, inWords, type KernelSpec } from './kernel.ts';
import type { MachineSizes } from './sizes.ts';

interface SharedSpec extends Omit<KernelSpec, 'threads'> {
  readonly groups: GraphKernel['groups'];
}

/** A kernel of so many workgroups of `sizes.sharedThreads` threads (`lib/reduce.wgsl`). */
export function sharedKernel(sizes: MachineSizes, { groups, constants, ...spec }: SharedSpec): GraphKernel {
  const threads = inWords(sizes.sharedThreads);
  const kernel = graphKernel(sizes, {
    ...spec,
    constants: { ...constants, WORKGROUP_THREADS: threads, GROUP_THREADS: threads },
    threads: () => 1,
  });
  return { ...kernel, groups };
}
