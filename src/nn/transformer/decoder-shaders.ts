/** The WGSL that a decoder on a device runs, by file name. */
import type { BatchSizes } from '../../batch/sizes.ts';
import { linkShader, type ShaderSpec } from '../../gpu/shaders.ts';
import type { DecoderOptions } from './batch.ts';
import type { DecoderShape } from './decoder.ts';
import { fusedBinding } from './fused/plan.ts';
import { StepKernels } from './layered/kernels.ts';
import { layeredSetup } from './layered/setup.ts';

/** Every kernel once, by its module, with a number behind those that are linked several ways. */
export function decoderShaders(
  options: DecoderOptions,
  shape: DecoderShape,
  sizes: BatchSizes,
): Readonly<Record<string, string>> {
  const kernels =
    shape.form === 'fused'
      ? [fusedBinding(options, shape)]
      : new StepKernels(layeredSetup(options, shape, sizes)).all(sizes);
  const texts = new Map<string, Set<string>>();
  for (const shader of new Set(kernels.map(({ shader }) => shader as ShaderSpec))) {
    const { module, wgsl } = linkShader(shader);
    const name = module.slice(module.lastIndexOf('/') + 1);
    texts.set(name, (texts.get(name) ?? new Set()).add(wgsl));
  }
  return Object.fromEntries(
    [...texts].flatMap(([name, all]) =>
      [...all].map((wgsl, i) => [all.size > 1 ? `${name}_${i + 1}.wgsl` : `${name}.wgsl`, wgsl] as const),
    ),
  );
}
