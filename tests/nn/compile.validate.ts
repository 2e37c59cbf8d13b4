/** Every variant of the samplers, of the log density and of training passes both compilers: Tint (Dawn's null backend) and Naga (wgpu in Deno). */
import { afterAll, describe, expect, it } from 'vitest';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { ACTIVATIONS } from '../../src/nn/mlp.ts';
import { NET_PRECISIONS } from '../../src/nn/mlp-kernel.ts';
import { SOLVERS } from '../../src/workloads/flow/sampling/solvers.ts';
import { tasks } from '../../src/workloads/flow/tasks/index.ts';
import { activated, density, quads, sampler, training } from './variants.ts';

afterAll(closeTestContexts);

const together = SOLVERS.map(quads);

const variants = [
  ...SOLVERS.flatMap((solver) => NET_PRECISIONS.map((precision) => sampler(solver, precision))),
  ...(['midpoint', 'rk4'] as const).flatMap((solver) => NET_PRECISIONS.map((precision) => density(solver, precision))),
  ...ACTIVATIONS.map(activated),
];

const trainings = tasks.flatMap((task, at) =>
  NET_PRECISIONS.flatMap((precision) => training(task, precision, at === 0 ? 'all' : 'tile')),
);
/** Six kernels of the first task in three precisions, and the tile of the others. */
const TRAINING_VARIANTS = 6 * 3 + 3 * (tasks.length - 1);

const all = [...variants, ...trainings];

describe('shaders/flow', () => {
  it('has as many texts as variants', () => {
    expect(new Set(variants.map(([, { wgsl }]) => wgsl)).size).toBe((SOLVERS.length + 2) * 3 + ACTIVATIONS.length);
    expect(together.every(([, { wgsl }]) => wgsl.includes('quadSwapDiagonal'))).toBe(true);
    expect(trainings).toHaveLength(TRAINING_VARIANTS);
    expect(new Set(trainings.filter(([label]) => label.includes(' tile,')).map(([, { wgsl }]) => wgsl)).size).toBe(
      3 * tasks.length,
    );
  });

  it('compiles with Tint in every variant', async () => {
    const gpu = await openNullContext();
    for (const [, linked] of [...all, ...together]) await gpu.compile(linked);
  });

  it('compiles with Naga in every variant', async () => {
    const outcomes = await compileWithNaga(all.map(([label, { wgsl }]) => ({ label, wgsl })));
    expect(outcomes).toHaveLength(all.length);
    expect(outcomes.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });
});
