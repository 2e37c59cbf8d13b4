/** Every variant of the shear kernels passes both compilers: Tint (Dawn's null backend) and Naga (wgpu in Deno). */
import { afterAll, describe, expect, it } from 'vitest';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { FREE, INTEGRATORS, linkVariants, THREADS } from './variants.ts';

afterAll(closeTestContexts);

const variants = linkVariants(
  FREE.flatMap((free) =>
    INTEGRATORS.flatMap((integrator) =>
      THREADS.flatMap((threads) => [false, true].map((manyPsf) => ({ free, integrator, threads, manyPsf }))),
    ),
  ),
);

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
