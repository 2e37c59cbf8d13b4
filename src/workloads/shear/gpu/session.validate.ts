/** Bits that follow neither batch nor packing, for every packing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../../gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../../gpu/testing.ts';
import { shapeOf } from '../test-support/gpu-probe.ts';
import { bits, run } from '../test-support/small-runs.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

describe('equal bits', () => {
  it.each([1, 8])('for 1, 2 and 3 posteriors a workgroup, with %d threads a chain', async (threads) => {
    const expected = bits(await run(gpu, 16, shapeOf(threads)));
    for (const posteriors of [2, 3]) expect(bits(await run(gpu, 16, shapeOf(threads, posteriors)))).toEqual(expected);
  });
});
