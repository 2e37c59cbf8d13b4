/** Every variant of the samplers and of the log density passes both compilers: Tint (Dawn's null backend) and Naga (wgpu in Deno). */
import { afterAll, describe, expect, it } from 'vitest';
import { type LinkedShader, linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { ACTIVATIONS, type MlpSpec } from '../../src/nn/mlp.ts';
import { NET_PRECISIONS } from '../../src/nn/mlp-kernel.ts';
import { densityShader } from '../../src/workloads/flow/sampling/log-density-plan.ts';
import { samplerShader } from '../../src/workloads/flow/sampling/shader.ts';
import { SOLVERS } from '../../src/workloads/flow/sampling/solvers.ts';
import { velocityInputs } from '../../src/workloads/flow/training/setup.ts';

afterAll(closeTestContexts);

const task = { id: 'any', thetaDimension: 5, xDimension: 8 };
const net: MlpSpec = { inputs: velocityInputs(task), outputs: 5, width: 32, depth: 3, activation: 'silu' };
const tile = { sampleGroups: 4, neuronGroups: 2 };

const variants: (readonly [string, LinkedShader])[] = [
  ...SOLVERS.flatMap((solver) =>
    NET_PRECISIONS.map((precision) => {
      const spec = samplerShader({ task, net }, { solver, precision, tile });
      return [`${solver}, ${precision}`, linkShader(spec)] as const;
    }),
  ),
  ...(['midpoint', 'rk4'] as const).flatMap((solver) =>
    NET_PRECISIONS.map((precision) => {
      const spec = densityShader({ task, net }, { solver, precision, tile });
      return [`density, ${solver}, ${precision}`, linkShader(spec)] as const;
    }),
  ),
  ...ACTIVATIONS.map((activation) => {
    const changed = { ...net, activation, depth: 1 };
    const spec = densityShader({ task, net: changed }, { solver: 'rk4', precision: 'f32', tile });
    return [`density, ${activation}`, linkShader(spec)] as const;
  }),
];

describe('shaders/flow', () => {
  it('has as many texts as variants', () => {
    expect(new Set(variants.map(([, { wgsl }]) => wgsl)).size).toBe((SOLVERS.length + 2) * 3 + ACTIVATIONS.length);
  });

  it('compiles with Tint in every variant', async () => {
    const gpu = await openNullContext();
    for (const [, linked] of variants) await gpu.compile(linked);
  });

  it('compiles with Naga in every variant', async () => {
    const outcomes = await compileWithNaga(variants.map(([label, { wgsl }]) => ({ label, wgsl })));
    expect(outcomes).toHaveLength(variants.length);
    expect(outcomes.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });
});
