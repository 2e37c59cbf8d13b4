/** Every variant of the shear kernels passes both compilers: Tint (Dawn's null backend) and Naga (wgpu in Deno). */
import { afterAll, describe, expect, it } from 'vitest';
import { type LinkedShader, linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { kernelSpecs } from '../../src/workloads/shear/gpu/shaders.ts';
import type { Integrator, ModelSpec } from '../../src/workloads/shear/model-spec.ts';
import { shapeOf } from '../../src/workloads/shear/test-support/gpu-probe.ts';
import { level0Spec } from '../../src/workloads/shear/test-support/specs.ts';

afterAll(closeTestContexts);

const INTEGRATORS: readonly Integrator[] = ['gaussian-split', 'leapfrog', 'minimal-norm'];

/** Four components: with one PSF variance, or two. */
function specOf(free: 4 | 6 | 8, integrator: Integrator, manyPsf: boolean): ModelSpec {
  const spec = level0Spec(free);
  const components = spec.components.slice(0, 4).map((component, k) => ({
    ...component,
    psfVariance: manyPsf && k >= 2 ? 2.5 : component.psfVariance,
  }));
  return { ...spec, components, sampler: { ...spec.sampler, integrator } };
}

/** All distinct texts by what they are. */
const variants = new Map<string, LinkedShader>();
for (const free of [4, 6, 8] as const) {
  for (const integrator of INTEGRATORS) {
    for (const threads of [1, 8, 32]) {
      for (const manyPsf of [false, true]) {
        for (const spec of Object.values(kernelSpecs(specOf(free, integrator, manyPsf), shapeOf(threads)))) {
          const linked = linkShader(spec);
          const what = [spec.module, free, integrator, `${threads} threads`, manyPsf ? 'many PSF' : 'one PSF'].join(
            ', ',
          );
          if (![...variants.values()].some(({ wgsl }) => wgsl === linked.wgsl)) variants.set(what, linked);
        }
      }
    }
  }
}

describe('shaders/shear', () => {
  it('has as many variants as conditions make', () => {
    // hmc: 3 numbers of parameters × 3 integrators × 3 shapes × 2 PSF paths; fit, start, render: 3 × 3 × 2; metric: 3.
    expect([...variants.keys()].filter((what) => what.startsWith('shear/hmc'))).toHaveLength(54);
    expect([...variants.keys()].filter((what) => what.startsWith('shear/fit'))).toHaveLength(18);
    expect(variants.size).toBe(54 + 3 * 18 + 3);
  });

  it('compiles with Tint in every variant', async () => {
    const gpu = await openNullContext();
    for (const linked of variants.values()) await gpu.compile(linked);
  });

  it('compiles with Naga in every variant', async () => {
    const outcomes = await compileWithNaga([...variants].map(([label, { wgsl }]) => ({ label, wgsl })));
    expect(outcomes).toHaveLength(variants.size);
    expect(outcomes.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });
});
