/**
 * The shear kernels pass both compilers, Tint (Dawn's null backend) and Naga (wgpu in Deno), with every value of every condition beside
 * every value of every other. All combinations: `compile.validate.ts`.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { FREE, INTEGRATORS, linkVariants, THREADS, type Variant } from './variants.ts';

afterAll(closeTestContexts);

/** A Latin square: each number of parameters meets each integrator, and either of them each shape and each PSF path. */
const wanted: readonly Variant[] = FREE.flatMap((free, i) =>
  INTEGRATORS.map((integrator, j) => ({
    free,
    integrator,
    threads: THREADS[(i + j) % 3],
    manyPsf: (2 * i + j) % 3 === 0,
  })),
);
const variants = linkVariants(wanted);

describe('shaders/shear', () => {
  it('has every pair of conditions among its variants', () => {
    const names = ['free', 'integrator', 'threads', 'manyPsf'] as const;
    const values = { free: 3, integrator: 3, threads: 3, manyPsf: 2 };
    for (const [at, one] of names.entries()) {
      for (const other of names.slice(at + 1)) {
        const pairs = new Set(wanted.map((variant) => `${variant[one]} ${variant[other]}`));
        expect(pairs.size, `${one} and ${other}`).toBe(values[one] * values[other]);
      }
    }
    // hmc, fit, start and render each time; metric hangs on the number of parameters alone.
    expect(variants.size).toBe(4 * 9 + 3);
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
