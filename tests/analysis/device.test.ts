/** Graphs on a device against the same in f64: every value, adjoint and gradient by parameters; equal bits however rows are split. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { planBytes } from '../../src/gpu/plan.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { openDeviceMachine } from '../../src/nn/graph/device/machine.ts';
import { planMachine } from '../../src/nn/graph/device/plan.ts';
import type { Machine, RowBatch, Seed } from '../../src/nn/graph/machine.ts';
import { apart, openBoth, testSizes, worstTensor } from './device-machines.ts';
import { allOptions, draw, SMALL_GRAPHS, type SmallGraph, smallGraph } from './small-graphs.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

/** f32 over a few layers: 20 roundings of 6e-8 and what cancels. */
const CLOSE = 2e-5;

const lengthsOf = ({ batch }: SmallGraph) => (batch.ids ?? batch.numbers!.map(() => [0])).map(({ length }) => length);

function part({ ids, numbers, targets }: RowBatch, from: number, to: number): RowBatch {
  return {
    ...(ids && { ids: ids.slice(from, to) }),
    ...(numbers && { numbers: numbers.slice(from, to) }),
    ...(targets && { targets: targets.slice(from, to) }),
  };
}

const options = (small: SmallGraph, vectors: readonly string[]) => ({ ...allOptions(small, vectors), tangents: false });

describe.each(SMALL_GRAPHS.map(({ name }) => name))('%s', (name) => {
  const small = smallGraph(name);
  const { graph, batch, weights, theta } = small;
  const loss: Seed = { kind: 'loss', weights };

  test('computes values, losses and adjoints of the f64 machine', async () => {
    const { device, twin } = await openBoth(
      gpu,
      { ...options(small, ['g']), adjoints: Object.keys(graph.widths) },
      theta,
    );
    for (const machine of [device, twin]) {
      await machine.forward(batch);
      await machine.backward({ seed: loss });
    }
    const [losses, expected] = [await device.losses(), await twin.losses()];
    for (const [row, own] of expected.entries())
      for (const [t, value] of own.entries())
        expect(Math.abs(losses[row][t] - value)).toBeLessThan(1e-6 * Math.max(1, value));
    for (const value of Object.keys(graph.widths))
      for (const what of ['value', 'adjoint'] as const) {
        const [found, right] = [await device.read(what, value), await twin.read(what, value)];
        const flat = (rows: readonly ArrayLike<number>[]) => rows.flatMap((row) => Array.from(row));
        expect(found.map(({ length }) => length)).toEqual(right.map(({ length }) => length));
        expect(apart(flat(found), flat(right)), `${what} of ${value}`).toBeLessThan(CLOSE);
      }
    device.close();
  });

  test('sums gradients by parameters and their squares, tensor by tensor', async () => {
    const { device, twin } = await openBoth(gpu, options(small, ['g', 's']), theta);
    for (const machine of [device, twin]) {
      await machine.forward(batch);
      await machine.backward({ seed: loss, into: 'g' });
      await machine.backward({ seed: loss, into: 's', square: true });
    }
    for (const vector of ['g', 's']) {
      const worst = worstTensor(graph, await device.readVector(vector), await twin.readVector(vector));
      expect(worst.apart, `${vector}: ${worst.name}`).toBeLessThan(CLOSE);
    }
    device.close();
  });

  test('gives equal bits whatever else is in flight', async () => {
    const rows = lengthsOf(small).length;
    const run = async (most: number) => {
      const machine = await openDeviceMachine(
        gpu,
        { ...options(small, ['g', 's']), rows: most },
        theta,
        testSizes(gpu),
      );
      const seen: (readonly number[])[] = [];
      for (let from = 0; from < rows; from += most) {
        const to = Math.min(rows, from + most);
        await machine.forward(part(batch, from, to));
        const seed: Seed = { kind: 'loss', weights: weights.slice(from, to) };
        await machine.backward({ seed, into: 'g' });
        await machine.backward({ seed, into: 's', square: true });
        const own = [await machine.losses(), await machine.read('adjoint', graph.residuals[0])];
        for (let row = 0; row < to - from; row++) seen.push(own.flatMap((each) => Array.from(each[row])));
      }
      const vectors = [await machine.readVector('g'), await machine.readVector('s')];
      machine.close();
      return { seen, vectors: vectors.map((vector) => Array.from(vector)) };
    };
    const whole = await run(rows);
    for (const most of [1, 2, 5]) expect(await run(most), `${most} at a time`).toEqual(whole);
  });

  test('takes exactly what its plan says', async () => {
    const before = gpu.ledger.current;
    const sizes = testSizes(gpu);
    const machine = await openDeviceMachine(gpu, allOptions(small, ['g', 'h']), theta, sizes);
    expect(gpu.ledger.current - before).toBe(planBytes(planMachine(allOptions(small, ['g', 'h']), sizes)));
    machine.close();
    expect(gpu.ledger.current).toBe(before);
  });

  test('starts in the middle, and ends there', async () => {
    const value = graph.residuals[1];
    const { device, twin } = await openBoth(gpu, options(small, ['g']), theta);
    await twin.forward(batch);
    const numbers = (await twin.read('value', value)).map((row, r) =>
      Array.from(row, (x, i) => x + 0.1 * draw(30 + r, i)),
    );
    for (const machine of [device, twin]) {
      await machine.forward({ ...batch, start: { value, numbers } });
      await machine.backward({ seed: loss, into: 'g' });
    }
    const read = async (machine: Machine) => (await machine.read('adjoint', value)).flatMap((row) => Array.from(row));
    expect(apart(await read(device), await read(twin))).toBeLessThan(CLOSE);
    for (const machine of [device, twin]) {
      await machine.forward(batch);
      await machine.backward({ seed: loss, until: value, into: 'g' });
    }
    expect(apart(await read(device), await read(twin))).toBeLessThan(CLOSE);
    const worst = worstTensor(graph, await device.readVector('g'), await twin.readVector('g'));
    expect(worst.apart, worst.name).toBeLessThan(CLOSE);
    device.close();
  });

  test('patches values, takes another vector in the place of θ, begins with values and single outputs', async () => {
    const value = graph.residuals[1];
    const width = graph.widths[value];
    const { device, twin } = await openBoth(gpu, options(small, ['moved', 'g']), theta);
    const moved = theta.map((x, i) => x + 0.05 * draw(9, i));
    const length = lengthsOf(small);
    const patches = [
      { row: 0, value, position: 0, from: 1, numbers: [0.5, -0.25, 1] },
      { row: 2, value: graph.residuals[0], position: length[2] - 1, from: 0, numbers: [2] },
      { row: 2, value: graph.final, position: 0, from: 0, numbers: [1, 1] },
    ];
    const picks = [
      { row: 0, position: length[0] - 1, index: 2, weight: 1 },
      { row: 0, position: length[0] - 1, index: 0, weight: -0.5 },
      { row: 0, position: length[0] - 1, index: 2, weight: 0.25 },
      { row: 2, position: 0, index: 1, weight: 2 },
    ];
    const seeds: Seed[] = [
      { kind: 'outputs', picks },
      {
        kind: 'value',
        value,
        numbers: length.map((n, r) => Array.from({ length: n * width }, (_, i) => draw(40 + r, i))),
      },
    ];
    for (const machine of [device, twin]) {
      await machine.write('moved', moved);
      await machine.forward({ ...batch, parameters: 'moved', patches });
    }
    const flat = (rows: readonly ArrayLike<number>[]) => rows.flatMap((row) => Array.from(row));
    for (const read of [graph.final, graph.output])
      expect(apart(flat(await device.read('value', read)), flat(await twin.read('value', read))), read).toBeLessThan(
        CLOSE,
      );
    for (const seed of seeds)
      for (const into of [undefined, 'g']) {
        for (const machine of [device, twin]) {
          await machine.write('g', new Float64Array(graph.size));
          await machine.backward({ seed, into });
        }
        const [found, right] = [
          await device.read('adjoint', graph.residuals[0]),
          await twin.read('adjoint', graph.residuals[0]),
        ];
        expect(apart(flat(found), flat(right)), seed.kind).toBeLessThan(CLOSE);
        const worst = worstTensor(graph, await device.readVector('g'), await twin.readVector('g'));
        expect(worst.apart, `${seed.kind}: ${worst.name}`).toBeLessThan(CLOSE);
      }
    device.close();
  });
});

test('combines vectors and takes their products, tensor by tensor', async () => {
  const small = smallGraph('gpt2');
  const names = ['a', 'b', 'c', 'd'];
  const { device, twin } = await openBoth(gpu, options(small, names), small.theta);
  for (const machine of [device, twin]) {
    for (const [stream, name] of names.entries())
      await machine.write(
        name,
        small.theta.map((_, i) => draw(50 + stream, i)),
      );
    await machine.combine('a', [
      [2, 'b'],
      [-1, 'a'],
      [0.5, 'c'],
      [3, 'd'],
      [1, 'theta'],
    ]);
    await machine.combine('d', [[-1, 'b']]);
    await machine.combine('c', []);
  }
  for (const name of names) {
    const worst = worstTensor(small.graph, await device.readVector(name), await twin.readVector(name));
    expect(worst.apart, `${name}: ${worst.name}`).toBeLessThan(1e-6);
  }
  for (const [a, b] of [
    ['a', 'b'],
    ['a', 'a'],
  ])
    expect(apart(await device.dots(a, b), await twin.dots(a, b))).toBeLessThan(1e-6);
  device.close();
});

test('refuses what does not fit', async () => {
  const small = smallGraph('gpt2');
  const machine = await openDeviceMachine(gpu, options(small, []), small.theta, testSizes(gpu));
  await expect(machine.backward({ seed: { kind: 'outputs', picks: [] } })).rejects.toThrow(RangeError);
  await expect(machine.forward({ ids: [[50]] })).rejects.toThrow('vocabulary');
  await expect(machine.forward({ ids: [Array(12).fill(0)] })).rejects.toThrow('12 positions');
  await expect(machine.forward({ ids: Array(7).fill([1]) })).rejects.toThrow('7 rows');
  await expect(machine.write('theta', [1])).rejects.toThrow('parameters');
  machine.close();
});
