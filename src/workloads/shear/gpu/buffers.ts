/** Compiled kernels bound to the buffers of an allocation. */

import type { BatchSizes } from '../../../batch/sizes.ts';
import type { Allocation } from '../../../gpu/allocation.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { Kernel } from '../../../gpu/kernel.ts';
import type { ModelSpec } from '../model-spec.ts';
import { type KernelName, kernelSpecs } from './shaders.ts';
import type { ShearShape } from './shape.ts';

/** @binding numbers of the shear shaders. */
const BINDINGS: Readonly<Record<string, number>> = {
  stamps: 0,
  components: 1,
  settings: 2,
  control: 3,
  posteriors: 4,
  chains: 5,
  keys: 6,
  draws: 7,
};

/** What each kernel uses: a layout made by 'auto' holds these bindings and no others. */
const USES: Readonly<Record<KernelName, readonly string[]>> = {
  fit: ['stamps', 'components', 'settings', 'control', 'posteriors'],
  metric: ['settings', 'control', 'posteriors'],
  start: ['stamps', 'components', 'settings', 'control', 'posteriors', 'chains', 'keys'],
  hmc: ['stamps', 'components', 'settings', 'control', 'posteriors', 'chains', 'keys', 'draws'],
  render: ['components', 'settings', 'control', 'posteriors', 'chains', 'draws', 'stamps'],
};

export interface BoundKernel {
  readonly kernel: Kernel;
  readonly bindGroup: GPUBindGroup;
}

/** Compiles all kernels side by side and binds them. The live view's kernel has a control block and an image of its own. */
export async function bindKernels(
  gpu: GpuContext,
  allocation: Allocation,
  spec: ModelSpec,
  shape: ShearShape,
  sizes: BatchSizes,
): Promise<Record<KernelName, BoundKernel>> {
  const specs = Object.entries(kernelSpecs(spec, shape, sizes)) as [
    KernelName,
    ReturnType<typeof kernelSpecs>[KernelName],
  ][];
  const bound = await Promise.all(
    specs.map(async ([name, each]) => {
      const kernel = await gpu.kernel(each);
      const own: Readonly<Record<string, string>> =
        name === 'render' ? { control: 'peek.control', draws: 'peek.image' } : {};
      const entries = USES[name].map((buffer) => [BINDINGS[buffer], allocation.buffer(own[buffer] ?? buffer)]);
      return [name, { kernel, bindGroup: kernel.bindGroup(Object.fromEntries(entries)) }] as const;
    }),
  );
  return Object.fromEntries(bound) as Record<KernelName, BoundKernel>;
}
