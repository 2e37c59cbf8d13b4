/** The session's promises: bits that follow neither batch nor packing, one transition a step, all memory back, calls in order. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../../gpu/context.ts';
import { planBytes } from '../../../gpu/plan.ts';
import { closeTestContexts, openTestContext } from '../../../gpu/testing.ts';
import type { ParamValues } from '../../params.ts';
import type { KernelShape, PosteriorItem, Session } from '../../workload.ts';
import type { ShearProblem } from '../problem.ts';
import { shapeOf } from '../test-support/gpu-probe.ts';
import { shearWorkload } from '../workload.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

const ITEMS = 16;
/** Small enough that 16 posteriors take a moment, with warm-up in two halves and draws. */
const params: ParamValues = {
  stampSize: 16,
  halfLightRadiusArcsec: 0.3,
  shearGrid: [0.02],
  realizations: ITEMS,
  warmup: 16,
  draws: 12,
};
const problem = shearWorkload.prepare(params, 42, {});

function open(
  chunk: number,
  shape: KernelShape,
  changes: ParamValues = {},
  of: ShearProblem = problem,
): Promise<Session> {
  return shearWorkload.open(gpu, of, shearWorkload.plan({ ...params, ...changes }, {}, chunk, shape), shape);
}

async function runToEnd(session: Session, items: readonly number[]): Promise<PosteriorItem[]> {
  await session.start(items);
  while ((await session.advance(1000)).phase !== 'done');
  return session.collect();
}

/** All items of the run, `chunk` at a time. */
async function run(chunk: number, shape: KernelShape): Promise<PosteriorItem[]> {
  const session = await open(chunk, shape);
  const items: PosteriorItem[] = [];
  for (let first = 0; first < ITEMS; first += chunk) {
    const range = Array.from({ length: Math.min(chunk, ITEMS - first) }, (_, i) => first + i);
    items.push(...(await runToEnd(session, range)));
  }
  session.close();
  return items;
}

/** Everything that a result holds, as text: numbers print all their digits, so equal text is equal bits. */
const bits = (items: readonly PosteriorItem[]) =>
  items.map((item) =>
    JSON.stringify(item, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value)),
  );

describe('equal bits', () => {
  it('for batches of 1, 4, 5 and 16', async () => {
    const expected = bits(await run(16, shapeOf(1)));
    expect(new Set(expected).size).toBe(ITEMS);
    for (const chunk of [1, 4, 5]) expect(bits(await run(chunk, shapeOf(1)))).toEqual(expected);
  });

  it.each([1, 8])('for 1, 2 and 3 posteriors a workgroup, with %d threads a chain', async (threads) => {
    const expected = bits(await run(16, shapeOf(threads)));
    for (const posteriors of [2, 3]) expect(bits(await run(16, shapeOf(threads, posteriors)))).toEqual(expected);
  });

  it('however many transitions a dispatch holds', async () => {
    const expected = bits(await run(16, shapeOf(1)));
    expect(bits(await run(16, { ...shapeOf(1), maxTransitionsPerDispatch: 3 }))).toEqual(expected);
  });

  it('whatever else is in the chunk, in whatever order', async () => {
    const session = await open(3, shapeOf(1));
    const [a, b, c] = bits(await runToEnd(session, [7, 2, 11]));
    const [again] = bits(await runToEnd(session, [2]));
    expect(again).toBe(b);
    expect(new Set([a, b, c]).size).toBe(3);
    session.close();
  });
});

describe('a chunk in flight', () => {
  it('takes one transition a step, and counts them', async () => {
    const session = await open(2, shapeOf(1));
    await session.start([0, 1]);
    expect(await session.advance(10_000, 1)).toMatchObject({ transitions: 1, phase: 'warmup' });
    for (let transitions = 2; transitions <= 5; transitions++) {
      expect(await session.advance(10_000, 1)).toMatchObject({ transitions, transitionsTotal: 28 });
    }
    expect(await session.advance(10_000, 11)).toMatchObject({ transitions: 16, phase: 'sample' });
    expect(await session.advance(10_000, 100)).toMatchObject({ transitions: 28, phase: 'done' });
    const collected = await session.collect();
    expect(collected[0].fit.dataCount).toBe(256);
    const stepped = bits(collected);
    expect(stepped).toEqual(bits(await runToEnd(session, [0, 1])));
    session.close();
  });

  it('shows a chain: model, data and where all chains stand', async () => {
    const session = await open(3, shapeOf(1));
    await session.start([4, 9, 5]);
    expect(await session.peek(9, 0)).toBeUndefined();
    await session.advance(10_000, 3);
    const peek = await session.peek(9, 2);
    expect(peek).toMatchObject({ item: 9, chain: 2, transition: 3, warmup: true });
    expect(peek?.images?.data).toEqual(problem.observation(9));
    expect(peek?.positions).toHaveLength(4);
    const { spec } = problem;
    const chi2 = peek!.images!.model.reduce(
      (sum, m, i) => sum + ((peek!.images!.data[i] - m) / spec.noiseSigma) ** 2,
      0,
    );
    // 256 pixels of unit variance, four of them fitted: within five deviations of the χ² distribution, and starts 1.5 widths off.
    expect(chi2).toBeGreaterThan(140);
    expect(chi2).toBeLessThan(400);
    for (const [g1, g2, x, y] of peek!.positions) {
      expect(Math.hypot(g1 - 0.02, g2)).toBeLessThan(0.1);
      expect(Math.hypot(x - 8, y - 8)).toBeLessThan(0.5);
    }
    expect(await session.peek(6, 0)).toBeUndefined();
    expect(await session.peek(9, 4)).toBeUndefined();
    session.close();
  });

  it('gives all memory back when it is cancelled', async () => {
    expect(gpu.ledger.current).toBe(0);
    const session = await open(5, shapeOf(8));
    expect(gpu.ledger.current).toBe(planBytes(shearWorkload.plan(params, {}, 5, shapeOf(8))));
    await session.start([0, 1, 2, 3, 4]);
    await session.advance(10_000, 2);
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
  const session = await open(2, shapeOf(1));
  await expect(session.start([0, 1, 2])).rejects.toThrow('1 to 2 items; 3 were given');
  await expect(session.start([])).rejects.toThrow('0 were given');
  await session.start([0, 1]);
  await session.advance(10_000, 1);
  await expect(session.collect()).rejects.toThrow('has not finished');
  session.close();
  await expect(session.collect()).rejects.toThrow('closed');
});
