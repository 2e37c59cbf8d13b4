/** An adapter that turns slow in the middle of a chunk: submits shrink to single transitions, grow again, and the answer stays the same. */
import { afterAll, expect, test } from 'vitest';
import { GpuContext } from '../../../gpu/context.ts';
import { type FaultPlan, withFaults } from '../../../gpu/faults.ts';
import { findNodeGpu, releaseNodeGpu } from '../../../gpu/provider-node.ts';
import type { ParamValues } from '../../params.ts';
import type { Session } from '../../workload.ts';
import { shapeOf } from '../test-support/gpu-probe.ts';
import { shearWorkload } from '../workload.ts';

afterAll(releaseNodeGpu);

const params: ParamValues = {
  stampSize: 12,
  halfLightRadiusArcsec: 0.2,
  shearGrid: [0.02],
  realizations: 2,
  chains: 2,
  warmup: 16,
  draws: 2000,
};
const problem = shearWorkload.prepare(params, 42, {});
/** Above what the pacer calls too long. */
const SLOW_MS = 260;

/** Units of every submit, as the kernels are told. */
function watchUnits({ queue }: GPUDevice): number[] {
  const units: number[] = [];
  const write = queue.writeBuffer.bind(queue);
  queue.writeBuffer = (...given: Parameters<typeof write>) => {
    const [buffer, , data] = given;
    if (buffer.label === 'control') units.push((data as Uint32Array)[1]);
    return write(...given);
  };
  return units;
}

async function open(plan: FaultPlan): Promise<{ gpu: GpuContext; session: Session; units: number[] }> {
  const gpu = await GpuContext.open({ gpu: withFaults((await findNodeGpu())!, plan) });
  const units = watchUnits(gpu.device);
  const session = await shearWorkload.open(gpu, problem, shearWorkload.plan(params, {}, 2, shapeOf(1)), shapeOf(1));
  await session.start([0, 1]);
  return { gpu, session, units };
}

async function finish({ gpu, session }: { gpu: GpuContext; session: Session }): Promise<string> {
  while ((await session.advance(1000)).phase !== 'done');
  const items = await session.collect();
  session.close();
  expect(gpu.ledger.current).toBe(0);
  gpu.destroy();
  return JSON.stringify(items, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value));
}

test('submits of a slow adapter shrink to one transition, and grow when it is quick again', async () => {
  const calm = await finish(await open({}));
  const plan: { -readonly [K in keyof FaultPlan]: FaultPlan[K] } = {};
  const slow = await open(plan);
  const { session, units } = slow;
  while ((units.at(-1) ?? 0) < 8) await session.advance(0);

  plan.slowSubmitMs = SLOW_MS;
  const before = units.length;
  const largest = units.at(-1)!;
  const untilFloor = 2 * Math.ceil(Math.log2(largest)) + 4;
  while (units.at(-1) !== 1) {
    expect(units.length - before, `${units}`).toBeLessThan(untilFloor);
    await session.advance(0);
  }
  // One submit was under way when it turned slow, and one is queued behind whatever is being timed.
  const shrinking = units.slice(before + 2);
  expect(shrinking).toEqual(shrinking.toSorted((a, b) => b - a));
  for (let n = 0; n < 3; n++) await session.advance(0);
  expect(units.slice(-3)).toEqual([1, 1, 1]);

  plan.slowSubmitMs = undefined;
  const floor = units.length;
  const end = await finish(slow);
  expect(Math.max(...units.slice(floor))).toBeGreaterThan(4);
  expect(end).toBe(calm);
});
