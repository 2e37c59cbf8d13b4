/** The tally's kernel against its twin: whole numbers, so equal to the last. */
import { afterAll, expect, test } from 'vitest';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { DatasetItem } from '../../src/results/dataset/item.ts';
import { openTallySession } from '../../src/workloads/tally/gpu/session.ts';
import { tallyProblem } from '../../src/workloads/tally/problem.ts';
import { sumOfTables } from '../../src/workloads/tally/result.ts';
import { TallyTwinSession } from '../../src/workloads/tally/twin/session.ts';
import { tallyWorkload } from '../../src/workloads/tally/workload.ts';
import type { Session } from '../../src/workloads/workload.ts';

afterAll(closeTestContexts);

async function finish(session: Session<DatasetItem>, items: readonly number[]): Promise<DatasetItem[]> {
  await session.start(items);
  while ((await session.advance(100)).phase !== 'done');
  const found = await session.collect();
  session.close();
  return found;
}

test('device and twin count the same, in chunks of any size', async () => {
  const gpu = await openTestContext();
  const params = { tables: 7, throws: 1000 };
  const problem = tallyProblem(params, 5);
  const { plan } = tallyWorkload.configure(params, {});
  const twin = await finish(new TallyTwinSession(problem), [0, 1, 2, 3, 4, 5, 6]);
  for (const chunk of [7, 3, 1]) {
    const session = await openTallySession(gpu, problem, plan(chunk, { workgroupsPerItem: 1, record: {} }));
    for (let first = 0; first < 7; first += chunk) {
      const items = Array.from({ length: Math.min(chunk, 7 - first) }, (_, i) => first + i);
      await session.start(items);
      while ((await session.advance(100)).phase !== 'done');
      expect(await session.collect()).toEqual(twin.slice(first, first + chunk));
    }
    session.close();
  }
  expect(gpu.ledger.current).toBe(0);
});

test('fair dice: counts as a χ² law has them, and the tables add up', async () => {
  const params = { tables: 40, throws: 3600 };
  const items = await finish(
    new TallyTwinSession(tallyProblem(params, 1)),
    Array.from({ length: 40 }, (_, i) => i),
  );
  const chi2 = items.map(({ attributes }) => attributes.chi2 as number);
  // Mean 35 and variance 70 for 35 degrees of freedom: four standard errors of the mean of forty.
  expect(Math.abs(chi2.reduce((sum, value) => sum + value, 0) / 40 - 35)).toBeLessThan(4 * Math.sqrt(70 / 40));
  const [{ rows }] = sumOfTables(items).tables;
  const total = rows.flatMap((row) => row.slice(1) as number[]).reduce((sum, value) => sum + value, 0);
  expect(total).toBe(40 * 3600);
  expect(rows[2][4]).toBe(items.reduce((sum, { arrays }) => sum + arrays[0].values[6 * 2 + 3], 0));
  // Every item passes; one that lost throws does not.
  const { summarize } = tallyWorkload.results;
  expect(items.every((item) => summarize(item, 1).converged)).toBe(true);
  expect(summarize({ ...items[0], work: 3599 }, 1).problems).toEqual(['3599 of 3600 throws were counted']);
});
