/** Batches beyond the run, on sessions that really run, with a clock that says how long each chunk took. */
import { afterAll, expect, test } from 'vitest';
import { closeTestContexts, openNullContext } from '../../gpu/testing.ts';
import type { Workload } from '../../workloads/workload.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { climbBeyond } from './beyond.ts';
import { TunerDevice } from './device.ts';
import { type Beyond, settingOf } from './setting.ts';

afterAll(closeTestContexts);

const MIB = 1024 ** 2;

interface Given {
  readonly items?: number;
  readonly beyond?: Beyond;
  /** Files of the user's, by role. */
  readonly files?: object;
  readonly budgetMiB?: number;
  readonly limitMs?: number;
  readonly collectedBytes?: number;
  /** Most items that the experiment lists. */
  readonly listed?: number;
  /** Milliseconds of a chunk, by its size. */
  readonly cost?: (chunk: number) => number;
}

/** Of a run of the Gaussian experiment, whose plan takes 1 MiB an item and 64 bytes. */
async function climb({ items = 3, beyond, files, budgetMiB = 1024, limitMs = 1e9, ...given }: Given) {
  const { collectedBytes = 1e9, listed: most = 1000, cost = () => 100 } = given;
  let clock = 0;
  /** What every session was started with, and how often results were made. */
  const started: { chunk: number; items: readonly number[]; listed: number }[] = [];
  let collected = 0;
  const { counters, ...gaussian }: Workload & { readonly counters: { readonly open: number } } = gaussianWorkload();
  const workload: Workload = {
    ...gaussian,
    params: gaussian.params.map((spec) =>
      spec.kind === 'integer' && spec.key === 'repeats' ? { ...spec, max: most } : spec,
    ),
    open: async (gpu, problem, plan, ...rest) => {
      const session = await gaussian.open(gpu, problem, plan, ...rest);
      return {
        start: (given) => {
          clock += cost(plan.chunk);
          started.push({ chunk: plan.chunk, items: given, listed: problem.items.length });
          return session.start(given);
        },
        advance: (...given) => session.advance(...given),
        peek: (...given) => session.peek(...given),
        collect: () => {
          collected++;
          return session.collect();
        },
        close: () => session.close(),
      };
    },
  };
  const device = new TunerDevice(await openNullContext(), () => expect.fail('no device is lost'));
  const params = { means: [0], repeats: items, draws: 4, warmup: 0, chains: 1 };
  const said: string[] = [];
  const setting = settingOf(
    {
      workload,
      config: parseRunConfig({ params }, [workload]),
      inputs: { files: files as never },
      device,
      signal: new AbortController().signal,
      tell: () => undefined,
      now: () => clock,
      beyond,
    },
    'f32',
  );
  const report = await climbBeyond({
    setting,
    ladder: [],
    budgetBytes: budgetMiB * MIB,
    trialMs: 6000,
    limitMs,
    collectedBytes,
    say: (line) => said.push(line),
    tell: ({ chunk }) => said.push(String(chunk)),
  });
  expect(counters.open).toBe(0);
  expect(device.gpu.ledger.current).toBe(0);
  return { report, started, said, collected };
}

test('further items are simulated, doubling up to what was asked for; bytes are told before anything is tried', async () => {
  const { report, started, said, collected } = await climb({ beyond: { upTo: 20 } });
  expect(said).toEqual([
    'Beyond the 3 galaxies of the run: up to 20 at once, which take 20.0 MiB (20,971,584 bytes). For their speed alone: no result is kept.',
    ...['4', '8', '16', '20'],
  ]);
  expect(report).toMatchObject({ largest: 20, bytes: 20 * MIB + 64 });
  for (const trial of report!.trials) {
    const { chunk } = trial;
    expect(trial).toMatchObject({ verdict: 'measured', items: 'simulated', bytes: chunk * MIB + 64, chunkMs: 100 });
    expect(trial.itemsPerSecond).toBe(10 * chunk);
  }
  for (const { chunk, items, listed } of started) {
    expect(items).toEqual(Array.from({ length: chunk }, (_, i) => i));
    expect(listed).toBe(chunk);
  }
  expect(collected).toBeGreaterThan(0);
});

test('items of the user’s own are taken again and again', async () => {
  const { report, started } = await climb({ beyond: { upTo: 8 }, files: { images: {} } });
  expect(report!.trials.map(({ chunk, items }) => [chunk, items])).toEqual([
    [4, 'repeated'],
    [8, 'repeated'],
  ]);
  expect(report!.trials[0].reason).toContain('the items of the run, repeated');
  expect(started.at(-1)).toMatchObject({ items: [0, 1, 2, 0, 1, 2, 0, 1], listed: 3 });
});

test('so are those of which the experiment lists no more', async () => {
  const { report } = await climb({ listed: 5, beyond: { upTo: 8 } });
  expect(report!.trials.map(({ chunk, items }) => [chunk, items])).toEqual([
    [4, 'simulated'],
    [8, 'repeated'],
  ]);
});

test('without a number it goes as far as the memory budget, and no further', async () => {
  const { report } = await climb({ beyond: {}, budgetMiB: 10 });
  expect(report).toMatchObject({ largest: 9, bytes: 9 * MIB + 64 });
  expect(report!.trials.map(({ chunk }) => chunk)).toEqual([4, 8, 9]);
  const none = await climb({ beyond: {}, budgetMiB: 3 });
  expect(none.report).toBeUndefined();
  expect(none.said).toEqual(['Beyond the 3 galaxies of the run: no more fit the memory budget, or were asked for.']);
});

test('a size that would take longer than is left is not begun', async () => {
  const { report } = await climb({ beyond: { upTo: 64 }, limitMs: 16_000, cost: (chunk) => 150 * chunk });
  // 2.4 s, 4.8 s and, after the 6 s of a trial, 7.2 s: a fourth of 6 s would end too late.
  expect(report!.trials.map(({ chunk }) => chunk)).toEqual([4, 8, 16]);
  expect(report!.ended).toBe('32 would take longer than is left of the time for it.');
});

test('results that would not fit beside all else are computed and not made', async () => {
  const { report, collected } = await climb({ beyond: { upTo: 4 }, collectedBytes: 4 * MIB });
  expect(report!.trials).toMatchObject([{ chunk: 4, verdict: 'measured', basis: 'estimate' }]);
  expect(report!.trials[0].reason).toContain('readback left out');
  expect(collected).toBe(0);
});
