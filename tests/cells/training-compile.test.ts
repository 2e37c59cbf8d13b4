/** Every kernel of a training passes both compilers, Tint (Dawn's null backend) and Naga (wgpu in Deno), in every precision, for GPUs and software. */
import { afterAll, describe, expect, it } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import { type LinkedShader, linkShader } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openNullContext } from '../../src/gpu/testing.ts';
import { compileWithNaga } from '../../src/gpu/testing-naga.ts';
import { SCORE_PRECISIONS } from '../../src/nn/score-network/tensors.ts';
import { makeBins } from '../../src/workloads/cells/data/bins.ts';
import type { TokenData } from '../../src/workloads/cells/data/types.ts';
import { DEFAULT_RECIPE } from '../../src/workloads/cells/training/recipe.ts';
import { cellsTraining, sumOrder, trainingSetup } from '../../src/workloads/cells/training/setup.ts';

afterAll(closeTestContexts);

const [cells, genes] = [40, 70];
const data: TokenData = {
  cells,
  genes: Array.from({ length: genes }, (_, i) => `gene ${i}`),
  bins: makeBins('octave'),
  tokens: new Uint8Array(cells * genes),
  counts: { rows: 0, columns: 0, starts: new Uint32Array(1), columnOf: new Uint16Array(0), counts: new Uint16Array(0) },
  perturbation: { names: ['a', 'b'], codes: new Uint32Array(cells) },
  cellType: { names: ['x'], codes: new Uint32Array(cells) },
  source: 'a test',
  warnings: [],
};

/** Texts by label, each once. Bounds of the storage buffers a stage that every WebGPU device has: 8. */
function texts(): [string, LinkedShader][] {
  const found = new Map<string, [string, LinkedShader]>();
  for (const variant of ['lockstep', 'origin'] as const)
    for (const precision of SCORE_PRECISIONS)
      for (const software of [true, false]) {
        const recipe = { ...DEFAULT_RECIPE, variant, precision, timeFeatures: 8, heads: 1, drop: 0 };
        const setup = trainingSetup(recipe, data, defaultSizes, sumOrder(defaultSizes, { software }));
        for (const [name, kernel] of Object.entries(cellsTraining(setup, { software }).kernels)) {
          const linked = 'wgsl' in kernel.shader ? kernel.shader : linkShader(kernel.shader);
          found.set(linked.wgsl, [`${variant}, ${precision}, ${software ? 'software' : 'GPU'}: ${name}`, linked]);
        }
      }
  return [...found.values()];
}

describe('the kernels of a training', () => {
  it('compile with Tint, with no more storage buffers than every device has', async () => {
    const gpu = await openNullContext();
    const all = texts();
    expect(all.length).toBeGreaterThan(80);
    for (const [label, linked] of all) {
      await gpu.compile(linked);
      expect(linked.wgsl.match(/var<storage/g)!.length, label).toBeLessThanOrEqual(8);
    }
  });

  it('compile with Naga', async () => {
    const all = texts();
    const outcomes = await compileWithNaga(all.map(([label, { wgsl }]) => ({ label, wgsl })));
    expect(outcomes).toHaveLength(all.length);
    expect(outcomes.filter(({ errors }) => errors.length > 0)).toEqual([]);
  });
});
