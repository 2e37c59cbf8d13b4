/** The device against values of PyTorch: products with curvature, patterns and what is read of them, lens, CKA from sums. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { openDeviceMachine } from '../../src/nn/graph/device/machine.ts';
import { HEAD_STATISTICS, LENS_STATISTICS, type Machine, type MachineOptions } from '../../src/nn/graph/machine.ts';
import { cka, hsic1, type PairSums } from '../../src/stats/similarity/hsic-sums.ts';
import { apart, testSizes, worstTensor } from './device-machines.ts';
import { readDecoder, readPerceptron } from './reference.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** Tolerances that f32 is held to: of a product's norm, of probabilities, of nats, of CKA. */
const PRODUCT = 2e-5;
const PROBABILITY = 1e-5;
const NATS = 1e-4;
const CKA = 1e-4;

const options = (graph: MachineOptions['graph'], rows: number, length: number, tangents: boolean): MachineOptions => ({
  graph,
  rows,
  length,
  vectors: tangents ? ['v', 'hv', 'gv'] : [],
  backward: tangents,
  parameterGradients: tangents,
  tangents,
  adjoints: [],
});

async function products(machine: Machine, weights: readonly (readonly number[])[], vector: ArrayLike<number>) {
  await machine.write('v', vector);
  await machine.tangent({ parameters: 'v' });
  await machine.tangentBackward({ seed: { kind: 'loss', weights }, into: 'hv' });
  await machine.backward({ seed: { kind: 'gauss-newton', weights }, into: 'gv' });
}

async function expectVector(machine: Machine, vector: string, expected: ArrayLike<number>): Promise<void> {
  const found = await machine.readVector(vector);
  expect(apart(found, expected), vector).toBeLessThan(PRODUCT);
  const worst = worstTensor(machine.graph, found, expected);
  expect(worst.apart, `${vector}: ${worst.name}`).toBeLessThan(PRODUCT);
}

describe.each(['gpt2', 'llama'] as const)('%s', (name) => {
  test('products with the Hessian and the Gauss-Newton matrix, tensor by tensor', async () => {
    const { graph, theta, ids, values, npy } = await readDecoder(name);
    const machine = await openDeviceMachine(gpu, options(graph, ids.length, 12, true), theta, testSizes(gpu));
    await machine.forward({ ids });
    const weights = ids.map((own) => own.map(() => 1 / values.meta.valid_tokens));
    await products(machine, weights, await npy('vector.npy'));
    await expectVector(machine, 'hv', await npy('hessian_vector.npy'));
    await expectVector(machine, 'gv', await npy('ggn_vector.npy'));
    machine.close();
  });

  test('patterns, statistics of heads', async () => {
    const { graph, theta, ids, values, npy } = await readDecoder(name);
    const machine = await openDeviceMachine(gpu, options(graph, ids.length, 12, false), theta, testSizes(gpu));
    await machine.forward({ ids });
    const own: number[] = [];
    for (const block of graph.blocks.keys()) own.push(...(await machine.patterns(block))[0]);
    for (const [i, expected] of (await npy('attention_item_0.npy')).entries())
      expect(Math.abs(own[i] - expected)).toBeLessThan(PROBABILITY);
    const queries = ids.map(({ length }) => length - 1);
    const all = queries.reduce((sum, n) => sum + n, 0);
    const named = [
      ['entropy', 'entropy_nats'],
      ['relativeEntropy', 'entropy_over_log_choices'],
      ['distance', 'mean_distance'],
      ['previous', 'previous_token'],
    ] as const;
    for (const block of graph.blocks.keys()) {
      const rows = await machine.headStatistics(block);
      for (const [statistic, key] of named) {
        const at = HEAD_STATISTICS.indexOf(statistic);
        for (let head = 0; head < graph.heads; head++) {
          const mean =
            rows.reduce((sum, row, r) => sum + queries[r] * row[head * HEAD_STATISTICS.length + at], 0) / all;
          expect(Math.abs(mean - values.attention[key][block][head]), `${key} ${block}.${head}`).toBeLessThan(NATS);
        }
      }
    }
    machine.close();
  });

  test('lens of every residual stream', async () => {
    const { graph, theta, ids, values } = await readDecoder(name);
    const machine = await openDeviceMachine(gpu, options(graph, ids.length, 12, false), theta, testSizes(gpu));
    await machine.forward({ ids });
    const each = LENS_STATISTICS.length;
    const { rank_of_next, logprob_of_next, kl_to_final, entropy } = values.logit_lens;
    for (const [l, value] of graph.residuals.entries()) {
      const rows = await machine.lens(value);
      const places = rows.flatMap((row, i) =>
        ids[i].slice(1).map((_, t) => Array.from(row.slice(t * each, (t + 1) * each))),
      );
      const mean = (column: number) => places.reduce((sum, place) => sum + place[column], 0) / places.length;
      expect(Math.abs(mean(2) - entropy[l]), `entropy ${value}`).toBeLessThan(NATS);
      expect(Math.abs(mean(3) - kl_to_final[l]), `divergence ${value}`).toBeLessThan(NATS);
      for (const [i, row] of rows.entries())
        for (let t = 0; t + 1 < ids[i].length; t++) {
          expect(row[t * each], `rank ${value} ${i}.${t}`).toBe(rank_of_next[l][i][t]);
          expect(Math.abs(row[t * each + 1] - logprob_of_next[l][i][t])).toBeLessThan(NATS);
        }
    }
    machine.close();
  });

  test('CKA of tokens from sums that go on from call to call', async () => {
    const { graph, theta, ids, values } = await readDecoder(name);
    const machine = await openDeviceMachine(gpu, options(graph, 2, 12, false), theta, testSizes(gpu));
    const all = [...graph.residuals, graph.final];
    const pairs = all.flatMap((x, i) => all.slice(i).map((y, j) => ({ x, y, i, j: i + j })));
    // A mean near the rows' own: f32 sums cancel less.
    await machine.forward({ ids: ids.slice(0, 2) });
    const means = new Map<string, Float64Array>();
    for (const value of all) {
      const width = graph.widths[value];
      const rows = (await machine.read('value', value)).flatMap((row) => Array.from(row));
      const count = rows.length / width;
      means.set(
        value,
        Float64Array.from({ length: width }, (_, i) => {
          let sum = 0;
          for (let p = 0; p < count; p++) sum += rows[p * width + i];
          return sum / count;
        }),
      );
    }
    for (let first = 0; first < ids.length; first += 2) {
      await machine.forward({ ids: ids.slice(first, first + 2) });
      for (const { x, y } of pairs)
        await machine.addMoments({ name: `${x} ${y}`, x, y, xMean: means.get(x)!, yMean: means.get(y)! });
    }
    const sums: PairSums[][] = all.map(() => []);
    for (const { x, y, i, j } of pairs) {
      const {
        count,
        products: c,
        x: sx,
        y: sy,
        xByNorm,
        yByNorm,
        xNorm,
        yNorm,
        norms,
      } = await machine.takeMoments(`${x} ${y}`);
      sums[i][j] = { n: count, c, sx, sy, a: xByNorm, b: yByNorm, q: norms, xx: xNorm, yy: yNorm };
    }
    expect(sums[0][0].n).toBe(values.cka.rows_token);
    for (const { i, j } of pairs) {
      const expected = values.cka.unbiased_token[i][j];
      expect(
        Math.abs(cka({ xy: hsic1(sums[i][j]), xx: hsic1(sums[i][i]), yy: hsic1(sums[j][j]) }) - expected),
        `${i}, ${j}`,
      ).toBeLessThan(CKA);
    }
    machine.close();
  });
});

test('perceptron: products', async () => {
  const { graph, theta, values } = await readPerceptron();
  const { x, t, vector } = values.inputs;
  const machine = await openDeviceMachine(gpu, options(graph, x.length, 1, true), theta, testSizes(gpu));
  await machine.forward({ numbers: x, targets: t });
  await products(
    machine,
    x.map(() => [1 / (x.length * t[0].length)]),
    vector,
  );
  await expectVector(machine, 'hv', values.values.hessian_vector);
  await expectVector(machine, 'gv', values.values.ggn_vector);
  machine.close();
});
