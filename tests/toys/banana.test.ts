/** The banana's kernel against its f64 twin, the twin against the exact moments. */
import { afterAll, expect, test } from 'vitest';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import type { PosteriorItem } from '../../src/results/posterior/item.ts';
import { type BananaParams, readBananaParams } from '../../src/workloads/banana/experiment.ts';
import { openBananaSession } from '../../src/workloads/banana/gpu/session.ts';
import { bananaProblem } from '../../src/workloads/banana/problem.ts';
import { BananaTwinSession } from '../../src/workloads/banana/twin/session.ts';
import { gradient, potential } from '../../src/workloads/banana/twin/walk.ts';
import { bananaWorkload } from '../../src/workloads/banana/workload.ts';
import { defaultParams } from '../../src/workloads/validate.ts';
import type { Session } from '../../src/workloads/workload.ts';

afterAll(closeTestContexts);

const defaults = readBananaParams(defaultParams(bananaWorkload.params));

async function finish(session: Session<PosteriorItem>, items: readonly number[]): Promise<PosteriorItem[]> {
  await session.start(items);
  while ((await session.advance(100)).phase !== 'done');
  const found = await session.collect();
  session.close();
  return found;
}

test('the gradient is that of the potential', () => {
  const h = 1e-5;
  for (const [x, y] of [
    [0.3, -1],
    [-2.5, 4],
  ] as const) {
    const [gx, gy] = gradient([x, y], defaults);
    expect((potential([x + h, y], defaults) - potential([x - h, y], defaults)) / (2 * h)).toBeCloseTo(gx, 6);
    expect((potential([x, y + h], defaults) - potential([x, y - h], defaults)) / (2 * h)).toBeCloseTo(gy, 6);
  }
});

test('draws have the exact moments within their Monte Carlo error', async () => {
  const params: BananaParams = { ...defaults, bananas: 4, draws: 1000 };
  const problem = bananaProblem(params, 3);
  const items = await finish(new BananaTwinSession(problem), [0, 1, 2, 3]);
  for (const item of items) {
    const { parameters } = bananaWorkload.results.summarize(item, 1) as unknown as {
      parameters: { name: string; mean: number; sd: number; mcse: number; essBulk: number }[];
    };
    const exact = { x: params.width, y: Math.sqrt(1 + 2 * params.twist ** 2 * params.width ** 4) };
    for (const { name, mean, sd, mcse, essBulk } of parameters) {
      expect(Math.abs(mean), name).toBeLessThan(5 * mcse);
      // The standard error of a standard deviation is at most twice that of a Gaussian's for these tails.
      expect(Math.abs(sd / exact[name as 'x' | 'y'] - 1), name).toBeLessThan((5 * 2) / Math.sqrt(2 * essBulk));
    }
  }
});

test('the kernel walks as its twin does, in chunks of any size with the same bits', async () => {
  const gpu = await openTestContext();
  // Few transitions: an accept that falls the other way would part the chains.
  const params: BananaParams = { ...defaults, bananas: 5, warmup: 2, draws: 6 };
  const problem = bananaProblem(params, 11);
  const { plan } = bananaWorkload.configure({ ...params }, {});
  const run = async (chunk: number) => {
    const found: PosteriorItem[] = [];
    for (let first = 0; first < 5; first += chunk) {
      const items = Array.from({ length: Math.min(chunk, 5 - first) }, (_, i) => first + i);
      found.push(
        ...(await finish(
          await openBananaSession(gpu, problem, plan(chunk, { workgroupsPerItem: 1, record: {} })),
          items,
        )),
      );
    }
    return found;
  };
  const device = await run(5);
  expect(await run(1)).toEqual(device);
  expect(await run(2)).toEqual(device);
  const twin = await finish(new BananaTwinSession(problem), [0, 1, 2, 3, 4]);
  expect(device.map(({ info }) => info)).toEqual(twin.map(({ info }) => info));
  device.forEach((item, i) => {
    for (const key of ['parameters', 'stats'] as const)
      item[key].forEach(({ name, values }, c) => {
        values.forEach((value, at) => {
          // Eight transitions of ten steps in f32: each rounds by 6e-8 of numbers up to about 10, and bends magnify.
          expect(Math.abs(value - twin[i][key][c].values[at]), `${item.info.runId} ${name}`).toBeLessThan(2e-4);
        });
      });
  });
  expect(gpu.ledger.current).toBe(0);
});
