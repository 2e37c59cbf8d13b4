/** What a device reads of patterns and residual streams, against the f64 machine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { openDeviceMachine } from '../../src/nn/graph/device/machine.ts';
import { LENS_STATISTICS, type Machine, type Moments } from '../../src/nn/graph/machine.ts';
import { openBoth, testSizes } from './device-machines.ts';
import { allOptions, draw, SMALL_GRAPHS, smallGraph } from './small-graphs.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const CLOSE = 1e-5;

/** The largest difference of any row, by the largest number of all. */
function worstRow(found: readonly ArrayLike<number>[], expected: readonly ArrayLike<number>[]): number {
  expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  const largest = (rows: readonly (readonly number[])[]) => Math.max(...rows.flat().map(Math.abs));
  const differences = expected.map((row, r) => Array.from(row, (value, i) => value - found[r][i]));
  return largest(differences) / largest(expected.map((row) => Array.from(row)));
}

async function both(name: string): Promise<readonly [Machine, Machine]> {
  const small = smallGraph(name);
  const { device, twin } = await openBoth(gpu, allOptions(small, []), small.theta);
  for (const machine of [device, twin]) await machine.forward(small.batch);
  return [device, twin];
}

describe.each(SMALL_GRAPHS.filter(({ batch }) => batch.ids).map(({ name }) => name))('%s', (name) => {
  const { graph } = smallGraph(name);

  test('patterns and statistics of heads', async () => {
    const [device, twin] = await both(name);
    for (const block of graph.blocks.keys()) {
      expect(worstRow(await device.patterns(block), await twin.patterns(block))).toBeLessThan(CLOSE);
      expect(worstRow(await device.headStatistics(block), await twin.headStatistics(block))).toBeLessThan(CLOSE);
    }
    device.close();
  });

  test('lens of every residual stream', async () => {
    const [device, twin] = await both(name);
    const each = LENS_STATISTICS.length;
    for (const value of graph.residuals) {
      const [found, expected] = [await device.lens(value), await twin.lens(value)];
      for (const [r, row] of expected.entries())
        for (let at = 0; at < row.length; at += each) {
          // Logits of these weights lie further apart than rounding.
          expect(found[r][at], `rank in ${value}`).toBe(row[at]);
          for (let i = 1; i < each; i++)
            expect(Math.abs(found[r][at + i] - row[at + i]), `${LENS_STATISTICS[i]} in ${value}`).toBeLessThan(CLOSE);
        }
    }
    device.close();
  });
});

describe('moments', () => {
  const { graph, batch, theta } = smallGraph('llama');
  const [x, y] = [graph.residuals[0], graph.final];
  const means = (value: string, stream: number) =>
    Float32Array.from({ length: graph.widths[value] }, (_, i) => 0.1 * draw(stream, i));
  const pairs = [
    { name: 'one', x, y, xMean: means(x, 60), yMean: means(y, 61) },
    { name: 'same', x: y, y, xMean: means(y, 62), yMean: means(y, 62) },
  ];
  const numbers = ({ count, xNorm, yNorm, norms, ...vectors }: Moments) => ({
    scalars: [count, xNorm, yNorm, norms],
    ...vectors,
  });

  test('sums that debiased CKA is exact from', async () => {
    const [device, twin] = await both('llama');
    for (const machine of [device, twin]) for (const pair of pairs) await machine.addMoments(pair);
    for (const { name } of pairs) {
      const [found, expected] = [numbers(await device.takeMoments(name)), numbers(await twin.takeMoments(name))];
      for (const part of Object.keys(expected) as (keyof typeof expected)[])
        expect(worstRow([found[part]], [expected[part]]), part).toBeLessThan(CLOSE);
    }
    await expect(device.takeMoments('one')).rejects.toThrow('one');
    device.close();
  });

  test('any split into calls gives equal bits, whatever else is summed between', async () => {
    const found: Record<string, unknown>[] = [];
    for (const chunk of [1, 2, 5, 6]) {
      const options = { ...allOptions(smallGraph('llama'), []), rows: chunk };
      const device = await openDeviceMachine(gpu, options, theta, testSizes(gpu));
      for (let from = 0; from < 6; from += chunk) {
        await device.forward({ ids: batch.ids!.slice(from, from + chunk) });
        for (const pair of pairs) await device.addMoments(pair);
      }
      found.push({ one: numbers(await device.takeMoments('one')), same: numbers(await device.takeMoments('same')) });
      device.close();
    }
    for (const other of found.slice(1)) expect(other).toEqual(found[0]);
  });
});
