/** The twin against the reference networks: logits and every activation; the kernels: logits. Needs LOCKSTEP_SHARED. */
import { afterAll, describe, expect, it } from 'vitest';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { SCORE_VARIANTS } from '../../src/nn/score-network/spec.ts';
import { parametersOf, scoreForward } from '../../src/nn/score-network/twin.ts';
import { readReference } from './reference.ts';
import { largestError, runForward } from './run-forward.ts';

/** The references lie outside the project. */
const without = process.env.LOCKSTEP_SHARED === undefined;

describe.skipIf(without)('the f64 twin', () => {
  it.each(SCORE_VARIANTS)('has the logits and activations of the reference: %s', async (variant) => {
    const { spec, weights, array } = await readReference(variant);
    const values = async (name: string) => (await array(name)).data;
    const found = scoreForward(spec, parametersOf(spec, weights), {
      cells: 3,
      tokens: await values('xt'),
      sigma: await values('sigma'),
      perturbation: await values('perturbation'),
      cellType: await values('cell_type'),
    });
    const compared = {
      'act/cond': found.conditioning,
      'act/embedded': found.embedded,
      ...Object.fromEntries(
        found.blocks.flatMap(({ attentionIn, attentionOut, output }, i) => [
          [`act/blocks.${i}.attn.in`, attentionIn],
          [`act/blocks.${i}.attn.out`, attentionOut],
          [`act/blocks.${i}.out`, output],
        ]),
      ),
      logits: found.logits,
    };
    for (const [name, own] of Object.entries(compared)) {
      const expected = await values(name);
      expect(own, name).toHaveLength(expected.length);
      // Some hundred roundings of 1e-16 on values of a few units.
      expect(Math.max(...own.map((value, i) => Math.abs(value - expected[i]))), name).toBeLessThan(1e-13);
    }
  });
});

describe.skipIf(without)('the kernels', () => {
  afterAll(closeTestContexts);
  const cases = SCORE_VARIANTS.flatMap((variant) =>
    (['quads', 'lanes', 'tiles'] as const).map((form) => [variant, form] as const),
  );
  it.each(cases)('have the logits of the reference within 2e-6 rms in f32: %s, %s', async (variant, form) => {
    const gpu = await openTestContext();
    const { spec, weights, array } = await readReference(variant);
    const values = async (name: string) => [...(await array(name)).data];
    const input = {
      cells: 3,
      tokens: await values('xt'),
      sigma: await values('sigma'),
      perturbation: await values('perturbation'),
      cellType: await values('cell_type'),
    };
    const error = largestError(await runForward(gpu, { spec, weights, input, form }), await values('logits'));
    console.log(`${variant}, ${form}: max / rms ${error.toExponential(2)}`);
    expect(error).toBeLessThan(2e-6);
  });
});
