/** The texts of the shear kernels by what they were linked for. */

import { type LinkedShader, linkShader } from '../../src/gpu/shaders.ts';
import { kernelSpecs } from '../../src/workloads/shear/gpu/shaders.ts';
import type { Integrator, ModelSpec } from '../../src/workloads/shear/model-spec.ts';
import { shapeOf } from '../../src/workloads/shear/test-support/gpu-probe.ts';
import { level0Spec } from '../../src/workloads/shear/test-support/specs.ts';

export const FREE = [4, 6, 8] as const;
export const INTEGRATORS: readonly Integrator[] = ['gaussian-split', 'leapfrog', 'minimal-norm'];
export const THREADS = [1, 8, 32] as const;

export interface Variant {
  readonly free: (typeof FREE)[number];
  readonly integrator: Integrator;
  readonly threads: number;
  readonly manyPsf: boolean;
}

/** Four components: with one PSF variance, or two. */
function specOf({ free, integrator, manyPsf }: Variant): ModelSpec {
  const spec = level0Spec(free);
  const components = spec.components.slice(0, 4).map((component, k) => ({
    ...component,
    psfVariance: manyPsf && k >= 2 ? 2.5 : component.psfVariance,
  }));
  return { ...spec, components, sampler: { ...spec.sampler, integrator } };
}

/** All distinct texts by what they are. */
export function linkVariants(wanted: readonly Variant[]): Map<string, LinkedShader> {
  const found = new Map<string, LinkedShader>();
  const texts = new Set<string>();
  for (const variant of wanted) {
    const { free, integrator, threads, manyPsf } = variant;
    for (const spec of Object.values(kernelSpecs(specOf(variant), shapeOf(threads)))) {
      const linked = linkShader(spec);
      if (texts.has(linked.wgsl)) continue;
      texts.add(linked.wgsl);
      const psf = manyPsf ? 'many PSF' : 'one PSF';
      found.set([spec.module, free, integrator, `${threads} threads`, psf].join(', '), linked);
    }
  }
  return found;
}
