/** The score network's kernels against the f64 twin on SwiftShader, in the forms for software adapters and the one for GPUs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { ScoreNetworkSpec } from '../../src/nn/score-network/spec.ts';
import { logProbabilities, parametersOf, scoreForward } from '../../src/nn/score-network/twin.ts';
import type { TensorForm } from '../../src/nn/tensor/shape.ts';
import { largestError, meanDivergence, runForward, someInput, wavyWeights } from './run-forward.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const base = { layers: 2, width: 32, heads: 4, genes: 13, bins: 6, perturbations: 3, cellTypes: 2, timeFeatures: 8 };
const lockstep: ScoreNetworkSpec = { variant: 'lockstep', ...base };
const origin: ScoreNetworkSpec = { variant: 'origin', ...base };
/** The default: no time, no conditions. */
const free: ScoreNetworkSpec = { ...lockstep, perturbations: 0, cellTypes: 0, timeFeatures: 0 };
const FORMS: readonly TensorForm[] = ['quads', 'lanes', 'tiles'];
const cells = 3;

describe('the score network on a device', () => {
  it.each(FORMS.flatMap((form) => [lockstep, origin, free].map((spec) => [form, spec] as const)))(
    'agrees with the f64 twin: %s, %o',
    async (form, spec) => {
      const weights = wavyWeights(spec);
      const input = someInput(spec, cells);
      const { logits } = scoreForward(spec, parametersOf(spec, weights), input);
      // Some hundred roundings of 6e-8, with weights that let them grow; the reference networks: within 2e-6.
      expect(largestError(await runForward(gpu, { spec, weights, input, form }), logits)).toBeLessThan(4e-6);
    },
  );

  it('gives a row the same bits whoever else is active, asked for, or in the chunk', async () => {
    const weights = wavyWeights(lockstep);
    const input = someInput(lockstep, cells);
    const outputs = lockstep.bins;
    const { genes } = lockstep;
    for (const form of FORMS) {
      const all = await runForward(gpu, { spec: lockstep, weights, input, form });
      const row = (cell: number, gene: number) => {
        const at = (cell * genes + gene) * outputs;
        return [...all.subarray(at, at + outputs)];
      };
      for (const active of [
        [{ place: 1, genes: [4] }],
        [
          { place: 2, genes: [0, 5, 12] },
          { place: 0, genes: [] },
          { place: 1, genes: [3, 11] },
        ],
      ]) {
        const some = await runForward(gpu, { spec: lockstep, weights, input, form, active });
        expect([...some], form).toEqual(
          active.flatMap(({ place, genes: asked }) => asked.flatMap((g) => row(place, g))),
        );
      }
      // The same cell alone in a chunk.
      const own = (values: ArrayLike<number>, each = 1) => Array.from(values).slice(2 * each, 3 * each);
      const alone = {
        cells: 1,
        tokens: own(input.tokens, genes),
        sigma: own(input.sigma!),
        perturbation: own(input.perturbation!),
        cellType: own(input.cellType!),
      };
      const one = await runForward(gpu, { spec: lockstep, weights, input: alone, form });
      expect([...one], form).toEqual([...all.subarray(2 * genes * outputs)]);
    }
  });

  it('goes over the same tokens twice with labels of their own, for guidance', async () => {
    const weights = wavyWeights(lockstep);
    const once = someInput(lockstep, 2);
    const none = { perturbation: [3, 3], cellType: [2, 2] };
    const twice = await runForward(gpu, {
      spec: lockstep,
      weights,
      passes: 2,
      input: {
        ...once,
        perturbation: [...Array.from(once.perturbation!), ...none.perturbation],
        cellType: [...Array.from(once.cellType!), ...none.cellType],
      },
    });
    const labelled = await runForward(gpu, { spec: lockstep, weights, input: once });
    const free_ = await runForward(gpu, { spec: lockstep, weights, input: { ...once, ...none } });
    expect([...twice]).toEqual([...labelled, ...free_]);
    expect([...free_]).not.toEqual([...labelled]);
  });

  it('takes the first genes of a network of more', async () => {
    const weights = wavyWeights(free);
    const input = someInput(free, 2, 5);
    const { logits } = scoreForward(free, parametersOf(free, weights), input);
    expect(largestError(await runForward(gpu, { spec: free, weights, input }), logits)).toBeLessThan(4e-6);
  });

  it.each([
    ['f16-storage', 5e-3, 2e-6],
    ['bf16-storage', 4e-2, 1e-4],
  ] as const)('stays close in %s', async (precision, most, divergence) => {
    const cases = [
      [lockstep, ['quads', 'tiles']],
      [origin, ['lanes']],
    ] as const;
    for (const [spec, forms] of cases) {
      // Weights of the size that they start from: embeddings of 0.02 and waves on top.
      const weights = wavyWeights(spec, 1, 0.05);
      const input = someInput(spec, cells);
      const { logits } = scoreForward(spec, parametersOf(spec, weights), input);
      const exact = logProbabilities(spec, logits);
      for (const form of forms) {
        const found = await runForward(gpu, { spec, weights, input, form, precision });
        const error = largestError(found, logits);
        expect(error, form).toBeLessThan(most);
        expect(error, form).toBeGreaterThan(1e-5);
        expect(meanDivergence(exact, logProbabilities(spec, found), spec.bins), form).toBeLessThan(divergence);
      }
    }
  });
});
