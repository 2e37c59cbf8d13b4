/** The score network's kernels against the f64 twin on SwiftShader, in the forms for software adapters and the one for GPUs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { ScoreNetworkSpec } from '../../src/nn/score-network/spec.ts';
import { parametersOf, scoreForward } from '../../src/nn/score-network/twin.ts';
import type { TensorForm } from '../../src/nn/tensor/shape.ts';
import { largestError, runForward, someInput, wavyWeights } from './run-forward.ts';

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
});
