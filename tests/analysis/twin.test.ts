/** The f64 machine against differences of its own values, tensor by tensor, and against what must hold of products with curvature. */
import { describe, expect, test } from 'vitest';
import { numbersOf } from '../../src/nn/graph/graph.ts';
import { dot, type Machine } from '../../src/nn/graph/machine.ts';
import { twinMachines } from '../../src/nn/graph/twin/machine.ts';
import { allOptions, draw, SMALL_GRAPHS, type SmallGraph, smallGraph } from './small-graphs.ts';

async function lossOf(machine: Machine, { batch, weights }: SmallGraph, parameters: string): Promise<number> {
  await machine.forward({ ...batch, parameters });
  const losses = await machine.losses();
  const outputs = machine.graph.head.kind === 'squared-error' ? machine.graph.head.outputs : 1;
  return losses.reduce((sum, own, r) => sum + weights[r].reduce((all, w, t) => all + w * own[t] * outputs, 0), 0);
}

/** A direction of length 1 within one tensor, or of all. */
function direction({ graph }: SmallGraph, stream: number, tensor?: number): Float64Array {
  const numbers = new Float64Array(graph.size);
  for (const { at, shape } of tensor === undefined ? graph.parameters : [graph.parameters[tensor]])
    for (let i = at; i < at + numbersOf(shape); i++) numbers[i] = draw(stream, i);
  const norm = Math.hypot(...numbers);
  return numbers.map((number) => number / norm);
}

/** H or G times a vector, into a vector. */
async function product(machine: Machine, { batch, weights }: SmallGraph, v: string, into: string, gauss = false) {
  await machine.forward(batch);
  await machine.tangent({ parameters: v });
  await machine.write(into, new Float64Array(machine.graph.size));
  if (gauss) await machine.backward({ seed: { kind: 'gauss-newton', weights }, into });
  else await machine.tangentBackward({ seed: { kind: 'loss', weights }, into });
}

describe.each(SMALL_GRAPHS.map(({ name }) => name))('%s', (name) => {
  const small = smallGraph(name);
  const open = () => twinMachines.open(allOptions(small, ['g', 'h', 'moved', 'u', 'v', 'hu', 'hv']), small.theta);

  // Central differences at 1e-4 of a unit direction: their own error is about 1e-8 times the third derivative.
  test('gradients are slopes of the loss, tensor by tensor', async () => {
    const machine = await open();
    await machine.forward(small.batch);
    await machine.backward({ seed: { kind: 'loss', weights: small.weights }, into: 'g' });
    for (const [i, tensor] of small.graph.parameters.entries()) {
      await machine.write('v', direction(small, 7, i));
      const slope = (await machine.dots('g', 'v'))[i];
      const at = async (step: number) => {
        await machine.combine('moved', [
          [1, 'theta'],
          [step, 'v'],
        ]);
        return lossOf(machine, small, 'moved');
      };
      const difference = ((await at(1e-4)) - (await at(-1e-4))) / 2e-4;
      expect(Math.abs(difference - slope), tensor.name).toBeLessThan(1e-7 * Math.max(1, Math.abs(slope)));
    }
  });

  test('products with the Hessian are differences of gradients, tensor by tensor', async () => {
    const machine = await open();
    for (const i of small.graph.parameters.keys()) {
      await machine.write('v', direction(small, 8, i));
      await product(machine, small, 'v', 'hv');
      await machine.write('h', new Float64Array(small.graph.size));
      for (const sign of [1, -1]) {
        await machine.combine('moved', [
          [1, 'theta'],
          [sign * 1e-4, 'v'],
        ]);
        await machine.forward({ ...small.batch, parameters: 'moved' });
        await machine.write('g', new Float64Array(small.graph.size));
        await machine.backward({ seed: { kind: 'loss', weights: small.weights }, into: 'g' });
        await machine.combine('h', [
          [1, 'h'],
          [sign / 2e-4, 'g'],
        ]);
      }
      const scale = Math.sqrt(await dot(machine, 'hv', 'hv'));
      await machine.combine('h', [
        [1, 'h'],
        [-1, 'hv'],
      ]);
      const apart = Math.sqrt(await dot(machine, 'h', 'h'));
      expect(apart, small.graph.parameters[i].name).toBeLessThan(1e-6 * Math.max(1, scale));
    }
  });

  test('uᵀHv = vᵀHu, and vᵀGv is not negative', async () => {
    const machine = await open();
    await machine.write('u', direction(small, 9));
    await machine.write('v', direction(small, 10));
    await product(machine, small, 'u', 'hu');
    await product(machine, small, 'v', 'hv');
    const [uhv, vhu] = [await dot(machine, 'u', 'hv'), await dot(machine, 'v', 'hu')];
    expect(Math.abs(uhv - vhu)).toBeLessThan(1e-12 * Math.max(1, Math.abs(uhv)));
    await product(machine, small, 'v', 'hv', true);
    expect(await dot(machine, 'v', 'hv')).toBeGreaterThan(0);
  });

  test('rows one by one give the same bits', async () => {
    const machine = await open();
    const whole = await open();
    await whole.forward(small.batch);
    await whole.backward({ seed: { kind: 'loss', weights: small.weights }, into: 'g', square: true });
    for (const r of small.weights.keys()) {
      const [ids, numbers, targets] = (['ids', 'numbers', 'targets'] as const).map((of) =>
        small.batch[of]?.slice(r, r + 1),
      );
      await machine.forward({ ids, numbers, targets });
      const seed = { kind: 'loss', weights: small.weights.slice(r, r + 1) } as const;
      await machine.backward({ seed, into: 'g', square: true });
    }
    expect(await machine.readVector('g')).toEqual(await whole.readVector('g'));
  });
});

test('rows beginning in the middle give what they gave from the start', async () => {
  const small = smallGraph('gpt2');
  const machine = await twinMachines.open(allOptions(small, []), small.theta);
  await machine.forward(small.batch);
  const [logits, middle] = [await machine.read('value', 'logits'), await machine.read('value', 'h.1')];
  await machine.forward({ ...small.batch, start: { value: 'h.1', numbers: middle } });
  expect(await machine.read('value', 'logits')).toEqual(logits);
});
