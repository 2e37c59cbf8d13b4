/** The session's promises: bits that follow neither batch nor packing, one transition a step, all memory back, calls in order. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../../gpu/context.ts';
import { planBytes } from '../../../gpu/plan.ts';
import { closeTestContexts, openTestContext } from '../../../gpu/testing.ts';
import { observationsOf } from '../observations.ts';
import type { ShearPeek } from '../peek.ts';
import { shapeOf } from '../test-support/gpu-probe.ts';
import { bits, ITEMS, open, params, problem, run, runToEnd } from '../test-support/small-runs.ts';
import { shearWorkload } from '../workload.ts';
import { asKernelShape } from './shape.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

describe('equal bits', () => {
  /** All at once, by a thread a chain and one posterior a workgroup. */
  let expected: readonly string[];
  beforeAll(async () => {
    expected = bits(await run(gpu, 16, shapeOf(1)));
  });

  it('for batches of 1, 4, 5 and 16', async () => {
    expect(new Set(expected).size).toBe(ITEMS);
    for (const chunk of [1, 4, 5]) expect(bits(await run(gpu, chunk, shapeOf(1)))).toEqual(expected);
  });

  // Two and three with either: session.validate.ts.
  it.each([
    [3, 1],
    [2, 8],
  ])('for 1 and %d posteriors a workgroup, with %d threads a chain', async (posteriors, threads) => {
    const one = threads === 1 ? expected : bits(await run(gpu, 16, shapeOf(threads)));
    expect(bits(await run(gpu, 16, shapeOf(threads, posteriors)))).toEqual(one);
  });

  it('however many transitions a dispatch holds', async () => {
    expect(bits(await run(gpu, 16, { ...shapeOf(1), maxTransitionsPerDispatch: 3 }))).toEqual(expected);
  });

  it('whatever else is in the chunk, in whatever order', async () => {
    const session = await open(gpu, 3, shapeOf(1));
    const [a, b, c] = bits(await runToEnd(session, [7, 2, 11]));
    const [again] = bits(await runToEnd(session, [2]));
    expect(again).toBe(b);
    expect(new Set([a, b, c]).size).toBe(3);
    session.close();
  });
});

describe('a chunk in flight', () => {
  it('takes one transition a step, and counts them', async () => {
    const session = await open(gpu, 2, shapeOf(1));
    await session.start([0, 1]);
    expect(await session.advance(Number.POSITIVE_INFINITY, 1)).toMatchObject({ steps: 1, phase: 'warmup' });
    for (let transitions = 2; transitions <= 5; transitions++) {
      expect(await session.advance(Number.POSITIVE_INFINITY, 1)).toMatchObject({ steps: transitions, stepsTotal: 28 });
    }
    expect(await session.advance(Number.POSITIVE_INFINITY, 11)).toMatchObject({ steps: 16, phase: 'sample' });
    expect(await session.advance(Number.POSITIVE_INFINITY, 100)).toMatchObject({ steps: 28, phase: 'done' });
    const collected = await session.collect();
    expect(collected[0].fit.dataCount).toBe(256);
    const stepped = bits(collected);
    expect(stepped).toEqual(bits(await runToEnd(session, [0, 1])));
    session.close();
  });

  it('shows a chain: model, data and where all chains stand', async () => {
    const session = await open(gpu, 3, shapeOf(1));
    await session.start([4, 9, 5]);
    expect(await session.peek(9, 0)).toBeUndefined();
    await session.advance(Number.POSITIVE_INFINITY, 3);
    const peek = (await session.peek(9, 2)) as ShearPeek;
    expect(peek).toMatchObject({ item: 9, step: 3, own: { chain: 2, warmup: true } });
    expect(peek.large?.data).toEqual(observationsOf(problem).data(9));
    expect(peek.own?.positions).toHaveLength(4);
    const { spec } = problem;
    const chi2 = peek.large!.model.reduce((sum, m, i) => sum + ((peek.large!.data[i] - m) / spec.noiseSigma) ** 2, 0);
    // 256 pixels of unit variance, four of them fitted: within five deviations of the χ² distribution, and starts 1.5 widths off.
    expect(chi2).toBeGreaterThan(140);
    expect(chi2).toBeLessThan(400);
    for (const [g1, g2, x, y] of peek.own!.positions) {
      expect(Math.hypot(g1 - 0.02, g2)).toBeLessThan(0.1);
      expect(Math.hypot(x - 8, y - 8)).toBeLessThan(0.5);
    }
    expect(await session.peek(6, 0)).toBeUndefined();
    expect(await session.peek(9, 4)).toBeUndefined();
    session.close();
  });

  it('gives all memory back when it is cancelled', async () => {
    expect(gpu.ledger.current).toBe(0);
    const session = await open(gpu, 5, shapeOf(8));
    expect(gpu.ledger.current).toBe(planBytes(shearWorkload.configure(params, {}).plan(5, asKernelShape(shapeOf(8)))));
    await session.start([0, 1, 2, 3, 4]);
    await session.advance(Number.POSITIVE_INFINITY, 2);
    session.close();
    expect(gpu.ledger.current).toBe(0);
    session.close();
    expect(gpu.ledger.current).toBe(0);
    await expect(session.advance(10)).rejects.toThrow('closed');
    await expect(session.start([0])).rejects.toThrow('closed');
    expect(await session.peek(0, 0)).toBeUndefined();
  });
});

it('refuses calls out of order and chunks that do not fit', async () => {
  const session = await open(gpu, 2, shapeOf(1));
  await expect(session.start([0, 1, 2])).rejects.toThrow('1 to 2 items; 3 were given');
  await expect(session.start([])).rejects.toThrow('0 were given');
  await session.start([0, 1]);
  await session.advance(Number.POSITIVE_INFINITY, 1);
  await expect(session.collect()).rejects.toThrow('has not finished');
  session.close();
  await expect(session.collect()).rejects.toThrow('closed');
});
