/** The twin against the reference networks: logits and every activation. Needs LOCKSTEP_SHARED. */
import { describe, expect, it } from 'vitest';
import { SCORE_VARIANTS } from '../../src/nn/score-network/spec.ts';
import { parametersOf, scoreForward } from '../../src/nn/score-network/twin.ts';
import { readReference } from './reference.ts';

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
