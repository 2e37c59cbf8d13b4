/**
 * The samplers, the log density and training passes pass both compilers, Tint (Dawn's null backend) and Naga (wgpu in Deno): every solver,
 * task, activation and kernel, and every precision of each module. Solvers and tasks know nothing of precisions, so they take turns at them;
 * all combinations: `compile.validate.ts`.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { ACTIVATIONS } from '../../src/nn/mlp.ts';
import { NET_PRECISIONS } from '../../src/nn/mlp-kernel.ts';
import { SOLVERS } from '../../src/workloads/flow/sampling/solvers.ts';
import { tasks } from '../../src/workloads/flow/tasks/index.ts';
import { activated, density, quads, sampler, training } from './variants.ts';

afterAll(closeTestContexts);

const turn = (at: number) => NET_PRECISIONS[at % NET_PRECISIONS.length];
const [first, ...others] = tasks;

const samplers = SOLVERS.map((solver, at) => sampler(solver, turn(at)));
const densities = [
  ...(['midpoint', 'rk4', 'midpoint'] as const).map((solver, at) => density(solver, turn(at))),
  ...ACTIVATIONS.map(activated),
];
const trainings = [
  ...NET_PRECISIONS.flatMap((precision) => training(first, precision, 'all')),
  ...others.flatMap((task, at) => training(task, turn(at), 'tile')),
];
/** A solver of fixed steps, the adaptive one, and one with a schedule: what differs in how they call the network. */
const together = (['midpoint', 'dopri5', 'vp_sde'] as const).map(quads);

const all = [...samplers, ...densities, ...trainings];

describe('shaders/flow', () => {
  it('has as many texts as variants', () => {
    expect(new Set([...samplers, ...densities].map(([, { wgsl }]) => wgsl)).size).toBe(
      SOLVERS.length + 3 + ACTIVATIONS.length,
    );
    expect(together.every(([, { wgsl }]) => wgsl.includes('quadSwapDiagonal'))).toBe(true);
    // Six kernels in three precisions, and the tile of the other tasks.
    expect(trainings).toHaveLength(6 * 3 + others.length);
    expect(new Set(trainings.filter(([label]) => label.includes(' tile,')).map(([, { wgsl }]) => wgsl)).size).toBe(
      3 + others.length,
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
