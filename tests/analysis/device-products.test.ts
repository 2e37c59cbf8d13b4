/** Products with curvature on a device (f32) against the f64 machine, tensor by tensor, and what must hold of them whatever the batch. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { openDeviceMachine } from '../../src/nn/graph/device/machine.ts';
import { dot, type Machine, type RowBatch, type Seed } from '../../src/nn/graph/machine.ts';
import { apart, openBoth, testSizes, worstTensor } from './device-machines.ts';
import { allOptions, draw, SMALL_GRAPHS, type SmallGraph, smallGraph } from './small-graphs.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** Of the whole product's norm: a few dozen roundings of 6e-8 in every sum, through some ten operations. */
const CLOSE = 2e-5;
const VECTORS = ['u', 'v', 'product', 'other'];

/** Rows, and ω of each. */
interface Part {
  readonly batch: RowBatch;
  readonly weights: readonly (readonly number[])[];
}

const whole = ({ batch, weights }: SmallGraph): Part => ({ batch, weights });

function rowsOf({ batch, weights }: SmallGraph, from: number, to: number): Part {
  const cut = <T>(all: readonly T[] | undefined) => all?.slice(from, to);
  const { ids, numbers, targets } = batch;
  return {
    batch: { ids: cut(ids), numbers: cut(numbers), targets: cut(targets) },
    weights: weights.slice(from, to),
  };
}

const direction = (size: number, stream: number) => Float32Array.from({ length: size }, (_, i) => draw(stream, i));

type Kind = 'hessian' | 'gauss-newton' | 'empirical-fisher';

/** Adds a product with the direction `v` to `into`. */
async function addProduct(machine: Machine, { batch, weights }: Part, kind: Kind, v: string, into: string) {
  await machine.forward(batch);
  await machine.tangent({ parameters: v });
  if (kind === 'hessian') await machine.tangentBackward({ seed: { kind: 'loss', weights }, into });
  else await machine.backward({ seed: { kind, weights }, into });
}

const zero = (machine: Machine, vector: string) => machine.write(vector, new Float32Array(machine.graph.size));

async function pair(small: SmallGraph): Promise<readonly [device: Machine, twin: Machine]> {
  const { device, twin } = await openBoth(gpu, allOptions(small, VECTORS), small.theta);
  return [device, twin];
}

const flat = (rows: readonly ArrayLike<number>[]) => rows.flatMap((row) => Array.from(row));

/** Of a vector of the parameters' size. */
async function expectClose(device: Machine, twin: Machine, vector = 'product'): Promise<void> {
  const worst = worstTensor(device.graph, await device.readVector(vector), await twin.readVector(vector));
  expect(worst.apart, worst.name).toBeLessThan(CLOSE);
}

describe.each(SMALL_GRAPHS.map(({ name }) => name))('%s', (name) => {
  const small = smallGraph(name);
  const squared = small.graph.head.kind === 'squared-error';
  const kinds: readonly Kind[] = ['hessian', 'gauss-newton', ...(squared ? [] : (['empirical-fisher'] as const))];

  test.each(kinds)('%s', async (kind) => {
    const [device, twin] = await pair(small);
    for (const machine of [device, twin]) {
      await machine.write('v', direction(small.graph.size, 21));
      await addProduct(machine, whole(small), kind, 'v', 'product');
    }
    await expectClose(device, twin);
    device.close();
  });

  test('derivatives of every value along a direction of the parameters, of where rows begin, and of both', async () => {
    const [device, twin] = await pair(small);
    const { batch, graph } = small;
    const width = graph.widths[graph.embedded];
    const count = (batch.ids ?? batch.numbers!).length;
    const start = Array.from({ length: count }, (_, r) =>
      Float32Array.from({ length: (batch.ids?.[r].length ?? 1) * width }, (_, i) => draw(30 + r, i)),
    );
    for (const along of [{ parameters: 'v' }, { start }, { parameters: 'v', start }]) {
      for (const machine of [device, twin]) {
        await machine.write('v', direction(graph.size, 22));
        await machine.forward(batch);
        await machine.tangent(along);
      }
      for (const value of Object.keys(graph.widths)) {
        const off = apart(flat(await device.read('tangent', value)), flat(await twin.read('tangent', value)));
        expect(off, `${value} along ${Object.keys(along)}`).toBeLessThan(CLOSE);
      }
    }
    device.close();
  });

  test('rows that begin in the middle have derivatives from there on', async () => {
    const [device, twin] = await pair(small);
    const { batch, graph } = small;
    const value = graph.residuals[1];
    const width = graph.widths[value];
    const draws = (stream: number) =>
      (batch.ids ?? batch.numbers!).map((_, r) =>
        Float32Array.from({ length: (batch.ids?.[r].length ?? 1) * width }, (_, i) => draw(stream + r, i)),
      );
    const seed: Seed = { kind: 'loss', weights: small.weights };
    for (const machine of [device, twin]) {
      await machine.write('v', direction(graph.size, 23));
      await machine.forward({ ...batch, start: { value, numbers: draws(40) } });
      await machine.tangent({ parameters: 'v', start: draws(50) });
      await zero(machine, 'product');
      await machine.tangentBackward({ seed, into: 'product' });
    }
    const off = apart(flat(await device.read('tangent', graph.output)), flat(await twin.read('tangent', graph.output)));
    expect(off).toBeLessThan(CLOSE);
    await expectClose(device, twin);
    expect(apart(flat(await device.read('adjoint', value)), flat(await twin.read('adjoint', value)))).toBeLessThan(
      CLOSE,
    );
    device.close();
  });

  test('the Hessian is symmetric and the Gauss-Newton matrix not negative', async () => {
    const [device] = await pair(small);
    await device.write('u', direction(small.graph.size, 24));
    await device.write('v', direction(small.graph.size, 25));
    await addProduct(device, whole(small), 'hessian', 'v', 'product');
    await addProduct(device, whole(small), 'hessian', 'u', 'other');
    const [uHv, vHu] = [await dot(device, 'u', 'product'), await dot(device, 'v', 'other')];
    const size = Math.sqrt((await dot(device, 'product', 'product')) * (await dot(device, 'u', 'u')));
    expect(Math.abs(uHv - vHu)).toBeLessThan(CLOSE * size);
    for (const vector of ['u', 'v']) {
      await zero(device, 'product');
      await addProduct(device, whole(small), 'gauss-newton', vector, 'product');
      expect(await dot(device, vector, 'product')).toBeGreaterThan(0);
    }
    device.close();
  });

  test('any split into calls gives equal bits', async () => {
    for (const kind of kinds) {
      const found: Float32Array[] = [];
      for (const chunk of [1, 2, 5, 6]) {
        const options = { ...allOptions(small, VECTORS), rows: chunk };
        const device = await openDeviceMachine(gpu, options, small.theta, testSizes(gpu));
        await device.write('v', direction(small.graph.size, 26));
        for (let from = 0; from < 6; from += chunk)
          await addProduct(device, rowsOf(small, from, Math.min(6, from + chunk)), kind, 'v', 'product');
        found.push(Float32Array.from(await device.readVector('product')));
        device.close();
      }
      for (const other of found.slice(1))
        expect(Buffer.from(other.buffer).equals(Buffer.from(found[0].buffer))).toBe(true);
    }
  });
});

describe('seeds', () => {
  const small = smallGraph('gpt2');
  const picks = [
    { row: 0, position: 3, index: 4, weight: 0.5 },
    { row: 0, position: 3, index: 7, weight: -1 },
    { row: 2, position: 0, index: 1, weight: 2 },
    { row: 4, position: 6, index: 0, weight: 1 },
  ];
  const labels = small.batch.ids!.map((own) =>
    Array.from(own, (id) => (id + 3) % small.graph.widths[small.graph.output]),
  );
  const seeds: readonly Seed[] = [
    { kind: 'labels', labels, weights: small.weights },
    { kind: 'class', picks },
  ];

  test.each(seeds.map((seed) => [seed.kind, seed] as const))('%s: gradient', async (_, seed) => {
    const [device, twin] = await pair(small);
    for (const machine of [device, twin]) {
      await machine.forward(small.batch);
      await machine.backward({ seed, into: 'product' });
    }
    await expectClose(device, twin);
    device.close();
  });

  const turned: readonly Seed[] = [
    { kind: 'labels', labels, weights: small.weights },
    { kind: 'outputs', picks },
  ];
  test.each(turned.map((seed) => [seed.kind, seed] as const))('%s: derivative of its gradient', async (_, seed) => {
    const [device, twin] = await pair(small);
    for (const machine of [device, twin]) {
      await machine.write('v', direction(small.graph.size, 27));
      await machine.forward(small.batch);
      await machine.tangent({ parameters: 'v' });
      await machine.tangentBackward({ seed, into: 'product' });
    }
    await expectClose(device, twin);
    device.close();
  });

  test('what has no derivative, or no direction yet, is refused', async () => {
    const [device] = await pair(small);
    await device.forward(small.batch);
    await expect(device.backward({ seed: { kind: 'gauss-newton', weights: small.weights } })).rejects.toThrow(
      RangeError,
    );
    await expect(device.tangentBackward({ seed: seeds[0] })).rejects.toThrow('direction');
    await device.tangent({ parameters: 'v' });
    await expect(device.tangentBackward({ seed: { kind: 'class', picks } })).rejects.toThrow(RangeError);
    device.close();
  });
});
