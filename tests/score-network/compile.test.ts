/** Every kernel of an evaluation passes both compilers, Tint (Dawn's null backend) and Naga (wgpu in Deno), in every precision and form. */
import { afterAll, describe, expect, it } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import { type LinkedShader, linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { forwardPlan } from '../../src/nn/score-network/forward-plan.ts';
import { SCORE_SIZES, type ScoreNetworkSpec } from '../../src/nn/score-network/spec.ts';
import { SCORE_PRECISIONS } from '../../src/nn/score-network/tensors.ts';
import { type TensorForm, tensorShape } from '../../src/nn/tensor/shape.ts';

afterAll(closeTestContexts);

/** Heads of 16 numbers, and of 32. */
const specs: readonly ScoreNetworkSpec[] = [
  { variant: 'lockstep' as const, ...SCORE_SIZES.S },
  { variant: 'origin' as const, ...SCORE_SIZES.XS },
].map((shape) => ({
  ...shape,
  layers: 2,
  genes: 200,
  bins: 16,
  perturbations: 3,
  cellTypes: 2,
  timeFeatures: 64,
}));

/** Texts by label, each once. */
function texts(forms: readonly TensorForm[]): [string, LinkedShader][] {
  const found = new Map<string, [string, LinkedShader]>();
  for (const spec of specs)
    for (const precision of SCORE_PRECISIONS)
      for (const form of forms) {
        const shape = tensorShape(form, defaultSizes);
        const plan = forwardPlan({ spec, precision, genes: 200, cells: 4, passes: 1, rowsMost: 64, shape });
        for (const [name, { shader }] of Object.entries(plan.kernels)) {
          const linked = 'wgsl' in shader ? shader : linkShader(shader);
          found.set(linked.wgsl, [`${spec.variant}, ${precision}, ${form}: ${name}`, linked]);
        }
      }
  return [...found.values()];
}

describe('the kernels of the score network', () => {
  it('compile with Tint', async () => {
    const gpu = await openNullContext();
    const all = texts(['quads', 'lanes', 'tiles']);
    expect(all.length).toBeGreaterThan(80);
    for (const [, linked] of all) await gpu.compile(linked);
  });

  it('compile with Naga, but for those that ask for subgroups of four lanes', async () => {
    const all = texts(['lanes', 'tiles']);
    const outcomes = await compileWithNaga(all.map(([label, { wgsl }]) => ({ label, wgsl })));
    expect(outcomes).toHaveLength(all.length);
    expect(outcomes.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });

  it('have the same text for every chunk', () => {
    const [spec] = specs;
    const shape = tensorShape('tiles', defaultSizes);
    const shaders = (cells: number) =>
      Object.values(
        forwardPlan({ spec, precision: 'f32', genes: 200, cells, passes: 2, rowsMost: 8 * cells, shape }).kernels,
      ).map(({ shader }) => shader);
    expect(shaders(1)).toEqual(shaders(64));
  });
});
