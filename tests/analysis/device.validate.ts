/** The device against values of PyTorch: losses, gradient, gradients of items. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { openDeviceMachine } from '../../src/nn/graph/device/machine.ts';
import { dot, type Machine, type MachineOptions } from '../../src/nn/graph/machine.ts';
import { testSizes, worstTensor } from './device-machines.ts';
import { readDecoder, readPerceptron } from './reference.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const LOSS = 1e-6;
const GRADIENT = 2e-5;

const options = (graph: MachineOptions['graph'], rows: number, length: number, items: readonly string[]) => ({
  graph,
  rows,
  length,
  vectors: ['g', ...items],
  backward: true,
  parameterGradients: true,
  tangents: false,
  adjoints: [],
});

async function gram(machine: Machine, items: readonly string[]): Promise<number[][]> {
  const rows: number[][] = [];
  for (const a of items) {
    const row: number[] = [];
    for (const b of items) row.push(await dot(machine, a, b));
    rows.push(row);
  }
  return rows;
}

describe.each(['gpt2', 'llama'] as const)('%s', (name) => {
  test('losses, gradient, gradients of items', async () => {
    const { graph, theta, ids, values, npy } = await readDecoder(name);
    const items = ids.map((_, i) => `item ${i}`);
    const machine = await openDeviceMachine(gpu, options(graph, ids.length, 12, items), theta, testSizes(gpu));
    await machine.forward({ ids });
    let sum = 0;
    for (const [i, own] of (await machine.losses()).entries())
      for (let t = 0; t + 1 < ids[i].length; t++) {
        // A logit of 20 has roundings of 1e-6.
        expect(Math.abs(own[t] - values.loss.token_ce[i][t])).toBeLessThan(5 * LOSS);
        sum += own[t];
      }
    expect(Math.abs(sum / values.meta.valid_tokens - values.loss.L_token_mean)).toBeLessThan(LOSS);
    const weights = ids.map((own) => own.map(() => 1 / values.meta.valid_tokens));
    await machine.backward({ seed: { kind: 'loss', weights }, into: 'g' });
    const worst = worstTensor(graph, await machine.readVector('g'), await npy('gradient.npy'));
    expect(worst.apart, worst.name).toBeLessThan(GRADIENT);
    for (const [i, own] of ids.entries()) {
      await machine.forward({ ids: [own] });
      const mean = own.map(() => 1 / (own.length - 1));
      await machine.backward({ seed: { kind: 'loss', weights: [mean] }, into: items[i] });
    }
    const norms = values.item_gradients.norms as number[];
    for (const [i, row] of (await gram(machine, items)).entries())
      for (const [j, value] of row.entries()) {
        const expected = values.item_gradients.gram[i][j];
        expect(Math.abs(value - expected), `${i}, ${j}`).toBeLessThan(2 * GRADIENT * norms[i] * norms[j]);
      }
    machine.close();
  });
});

test('perceptron: loss and gradient', async () => {
  const { graph, theta, values } = await readPerceptron();
  const { x, t } = values.inputs;
  const machine = await openDeviceMachine(gpu, options(graph, x.length, 1, []), theta, testSizes(gpu));
  await machine.forward({ numbers: x, targets: t });
  const losses = await machine.losses();
  for (const [i, [own]] of losses.entries()) {
    const expected = values.values.item_losses[i];
    expect(Math.abs(own - expected)).toBeLessThan(LOSS * Math.max(1, expected));
  }
  const weights = x.map(() => [1 / (x.length * t[0].length)]);
  await machine.backward({ seed: { kind: 'loss', weights }, into: 'g' });
  const worst = worstTensor(graph, await machine.readVector('g'), values.values.gradient);
  expect(worst.apart, worst.name).toBeLessThan(GRADIENT);
  machine.close();
});
