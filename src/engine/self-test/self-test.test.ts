import { afterAll, expect, test } from 'vitest';
import { closeTestContexts, openTestContext } from '../../gpu/testing.ts';
import { workloads } from '../../workloads/index.ts';
import { selfTest } from './run.ts';

afterAll(closeTestContexts);

test('a device that computes rightly passes, and all memory is free again', async () => {
  const gpu = await openTestContext();
  const report = await selfTest(gpu, workloads);
  console.log(JSON.stringify(report, null, 1));
  expect(report.precisions.map(({ passed }) => passed)).toEqual([true]);
  expect(gpu.ledger.current).toBe(0);
});
