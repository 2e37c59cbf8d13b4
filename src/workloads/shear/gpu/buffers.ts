/** Which buffers of the plan each kernel uses. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { KernelBinding } from '../../../gpu/bound-kernel.ts';
import type { ShaderSpec } from '../../../gpu/shaders.ts';
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

/** All kernels and what they are bound to. The live view's kernel has a control block and an image of its own. */
export function kernelBindings(
  spec: ModelSpec,
  shape: ShearShape,
  sizes: BatchSizes,
): Record<KernelName, KernelBinding> {
  const shaders = Object.entries(kernelSpecs(spec, shape, sizes)) as [KernelName, ShaderSpec][];
  const bindings = shaders.map(([name, shader]) => {
    const own: Readonly<Record<string, string>> =
      name === 'render' ? { control: 'peek.control', draws: 'peek.image' } : {};
    const buffers = Object.fromEntries(USES[name].map((buffer) => [BINDINGS[buffer], own[buffer] ?? buffer]));
    return [name, { shader, buffers }] as const;
  });
  return Object.fromEntries(bindings) as Record<KernelName, KernelBinding>;
}
