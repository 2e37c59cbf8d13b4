/** Work in paced submits over a stretch of a buffer, and its way back in pieces. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocation } from './allocation.ts';
import { BoundKernel, gridOf } from './bound-kernel.ts';
import { clockBuffers } from './clock.ts';
import type { GpuContext } from './context.ts';
import { PacedSubmits } from './paced-submits.ts';
import { Pacer } from './pacer.ts';
import type { BufferRole } from './plan.ts';
import { fetchRows } from './readback.ts';
import { linkText } from './shaders.ts';
import { closeTestContexts, openTestContext } from './testing.ts';

let gpu: GpuContext;
let allocation: Allocation;
let counter: BoundKernel;
beforeAll(async () => {
  gpu = await openTestContext();
  const buffer = (name: string, bytes: number, role: BufferRole) => ({
    name,
    bytes,
    role,
    bytesPerItem: 0,
    formula: 'test',
  });
  const buffers = [buffer('counts', 512, 'storage'), buffer('staging', 24, 'readback'), ...clockBuffers(2)];
  allocation = await gpu.allocate({ chunk: 1, buffers });
  const kernel = await gpu.compile(
    linkText(
      'count',
      `@group(0) @binding(3) var<storage, read_write> counts: array<u32>;
@compute @workgroup_size(1) fn main(@builtin(workgroup_id) group: vec3u) { counts[group.x] += 1u + group.x; }`,
    ),
  );
  counter = new BoundKernel(kernel, allocation, { 3: { buffer: 'counts', offset: 256, bytes: 20 } });
});
afterAll(() => {
  allocation.destroy();
  closeTestContexts();
});

const TOTAL = 40;

/** Counts to TOTAL in units of a dispatch; what each call to `advance` has submitted, and the most that were under way. */
async function count(submits: PacedSubmits, budgetMs: number) {
  const pacer = new Pacer({ maxUnits: 8 });
  let submitted = 0;
  let landed = 0;
  let most = 0;
  let calls = 0;
  while (landed < TOTAL) {
    calls++;
    await submits.advance(budgetMs, {
      more: () => submitted < TOTAL,
      next: () => {
        const units = pacer.next(TOTAL - submitted);
        submitted += units;
        most = Math.max(most, submits.flying + 1);
        return submits.submit(pacer, units, (pass) => {
          for (let i = 0; i < units; i++) counter.dispatch(pass, 5);
        });
      },
      landed: ({ units }) => {
        landed += units;
      },
    });
  }
  return { calls, most };
}

async function rowsOf(first: number, rows: number): Promise<number[][]> {
  const found: number[][] = [];
  const wanted = { bytesPerRow: 8, first, count: rows };
  for await (const piece of fetchRows(gpu.device, allocation.buffer('counts'), allocation.buffer('staging'), wanted)) {
    expect(piece.first).toBe(first + found.length);
    expect(piece.count).toBeLessThanOrEqual(3);
    for (let i = 0; i < piece.count; i++) found.push([...new Uint32Array(piece.bytes, 8 * i, 2)]);
  }
  return found;
}

describe('PacedSubmits', () => {
  it('does all work in one call without a budget, and in several with a short one, a few submits at a time', async () => {
    const submits = new PacedSubmits(gpu, allocation, 2);
    expect(await count(submits, Number.POSITIVE_INFINITY)).toEqual({ calls: 1, most: 2 });
    const short = await count(submits, 0);
    expect(short.calls).toBeGreaterThan(2);
    expect(short.most).toBe(2);
    expect(submits.busyMs).toBeGreaterThan(0);
    expect(submits.clock).toBe(gpu.report.software ? 'wall' : submits.clock);
    submits.destroy();
    // Counts stand in the stretch that the kernel is bound to, and nowhere else.
    const twice = [1, 2, 3, 4, 5].map((each) => 2 * TOTAL * each);
    expect(await rowsOf(31, 5)).toEqual([
      [0, 0],
      [twice[0], twice[1]],
      [twice[2], twice[3]],
      [twice[4], 0],
      [0, 0],
    ]);
  });

  it('forgets what is under way where other work begins', async () => {
    const submits = new PacedSubmits(gpu, allocation, 2);
    const pacer = new Pacer();
    let left = 5;
    const work = {
      more: () => left > 0,
      next: () => submits.submit(pacer, 1, (pass) => counter.dispatch(pass, left--)),
    };
    await submits.advance(Number.POSITIVE_INFINITY, { ...work, more: () => left > 4 });
    await submits.advance(0, work);
    expect(submits.flying).toBe(1);
    submits.drop();
    expect(submits.flying).toBe(0);
    submits.destroy();
  });
});

it('lays more workgroups than one dimension holds into two', () => {
  const most = gpu.device.limits.maxComputeWorkgroupsPerDimension;
  expect(gridOf(7, gpu.device)).toEqual([7, 1]);
  expect(gridOf(2 * most + 1, gpu.device)).toEqual([most, 3]);
});
