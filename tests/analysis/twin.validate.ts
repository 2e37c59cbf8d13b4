/** The f64 machine against values of PyTorch: losses, gradients, products with curvature, patterns, lens. */
import { describe, expect, test } from 'vitest';
import { LENS_STATISTICS } from '../../src/nn/graph/machine.ts';
import { twinMachines } from '../../src/nn/graph/twin/machine.ts';
import { readDecoder, readPerceptron } from './reference.ts';

/** Relative to the largest of what is expected. */
function worst(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [most, scale] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs(actual[i] - expected[i]));
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return most / scale;
}

const EXACT = 1e-10;

describe.each(['gpt2', 'llama'] as const)('%s', (name) => {
  test('losses, gradient, products with Hessian and Gauss-Newton matrix', async () => {
    const { graph, theta, ids, values, npy } = await readDecoder(name);
    const machine = await twinMachines.open(
      {
        graph,
        rows: ids.length,
        length: 12,
        vectors: ['g', 'v', 'hv', 'gv'],
        backward: true,
        parameterGradients: true,
        tangents: true,
        adjoints: [],
      },
      theta,
    );
    await machine.forward({ ids });
    const losses = await machine.losses();
    for (const [i, own] of losses.entries()) {
      const { length } = ids[i];
      expect(worst(own.slice(0, length - 1), values.loss.token_ce[i].slice(0, length - 1))).toBeLessThan(EXACT);
    }
    const weights = ids.map((own) => own.map(() => 1 / values.meta.valid_tokens));
    await machine.backward({ seed: { kind: 'loss', weights }, into: 'g' });
    expect(worst(await machine.readVector('g'), await npy('gradient.npy'))).toBeLessThan(EXACT);
    await machine.write('v', await npy('vector.npy'));
    await machine.tangent({ parameters: 'v' });
    await machine.tangentBackward({ seed: { kind: 'loss', weights }, into: 'hv' });
    expect(worst(await machine.readVector('hv'), await npy('hessian_vector.npy'))).toBeLessThan(EXACT);
    await machine.backward({ seed: { kind: 'gauss-newton', weights }, into: 'gv' });
    expect(worst(await machine.readVector('gv'), await npy('ggn_vector.npy'))).toBeLessThan(EXACT);
    const patterns = await Promise.all(graph.blocks.map((_, l) => machine.patterns(l)));
    const own = patterns.flatMap((rows) => [...rows[0]]);
    expect(worst(own, await npy('attention_item_0.npy'))).toBeLessThan(EXACT);
    for (const [l, value] of graph.residuals.entries()) {
      const lens = await machine.lens(value);
      const each = LENS_STATISTICS.length;
      const divergence = lens.flatMap((row, i) => ids[i].slice(1).map((_, t) => row[t * each + 3]));
      const mean = divergence.reduce((sum, kl) => sum + kl, 0) / divergence.length;
      if (l + 1 < graph.residuals.length) expect(mean / values.logit_lens.kl_to_final[l] - 1).toBeCloseTo(0, 9);
      for (const [i, row] of lens.entries())
        for (let t = 0; t + 1 < ids[i].length; t++) {
          expect(row[t * each]).toBe(values.logit_lens.rank_of_next[l][i][t]);
          expect(row[t * each + 1]).toBeCloseTo(values.logit_lens.logprob_of_next[l][i][t], 9);
        }
    }
  });
});

test('perceptron: losses, gradient, products', async () => {
  const { graph, theta, values } = await readPerceptron();
  const { x, t, vector } = values.inputs;
  const machine = await twinMachines.open(
    {
      graph,
      rows: x.length,
      length: 1,
      vectors: ['g', 'v', 'hv', 'gv'],
      backward: true,
      parameterGradients: true,
      tangents: true,
      adjoints: [],
    },
    theta,
  );
  await machine.forward({ numbers: x, targets: t });
  const losses = await machine.losses();
  expect(
    worst(
      losses.flatMap((own) => [...own]),
      values.values.item_losses,
    ),
  ).toBeLessThan(EXACT);
  const weights = x.map(() => [1 / (x.length * t[0].length)]);
  await machine.backward({ seed: { kind: 'loss', weights }, into: 'g' });
  expect(worst(await machine.readVector('g'), values.values.gradient)).toBeLessThan(EXACT);
  await machine.write('v', vector);
  await machine.tangent({ parameters: 'v' });
  await machine.tangentBackward({ seed: { kind: 'loss', weights }, into: 'hv' });
  expect(worst(await machine.readVector('hv'), values.values.hessian_vector)).toBeLessThan(EXACT);
  await machine.backward({ seed: { kind: 'gauss-newton', weights }, into: 'gv' });
  expect(worst(await machine.readVector('gv'), values.values.ggn_vector)).toBeLessThan(EXACT);
});
