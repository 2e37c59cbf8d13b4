/** Adding to a finished run as the page asks for it: to the one that ran last, and to a bundle that was opened. */
import { expect, test } from 'vitest';
import { parseRunConfig } from '../engine/config/run-config.ts';
import type { RunOutcome } from '../engine/run/progress.ts';
import { PIECE, rowsDefaults, rowsWorkload } from '../engine/test-support/rows.ts';
import type { Workload } from '../workloads/workload.ts';
import { connectClient } from './test-support/connect-client.ts';

function connect() {
  const rows = rowsWorkload();
  const registry = [rows as unknown as Workload];
  const client = connectClient({ registry });
  const ended: RunOutcome[] = [];
  const waiting: ((outcome: RunOutcome) => void)[] = [];
  client.on('finished', ({ outcome }) => {
    ended.push(outcome);
    for (const resolve of waiting.splice(0)) resolve(outcome);
  });
  const config = (metrics: number[], params: object = {}, batch: object = {}) =>
    parseRunConfig(
      { workload: 'rows', batch: { size: 1, ...batch }, params: { ...rowsDefaults, metrics, ...params } },
      registry,
    );
  /** Begins, waits for the end, and says which result it is. */
  const through = async (begin: () => Promise<unknown>) => {
    const end = new Promise<RunOutcome>((resolve) => waiting.push(resolve));
    await begin();
    expect(await end).toMatchObject({ state: 'finished', failed: [] });
    const { blob, name } = await client.export({ adapterDetails: true });
    return { blob, id: /-([0-9a-f]{8})\.zip$/.exec(name)![1] };
  };
  return { client, config, counters: rows.counters, through };
}

test('the run that was made last: its results come again, the rest is computed, the id is that of one run', async () => {
  const { client, config, counters, through } = connect();
  await client.init({ cpu: true });
  const all = await through(() => client.run(config([0, 1, 2])));
  await through(() => client.run(config([2])));
  counters.rows = 0;
  const told: string[] = [];
  client.on('itemDone', ({ summary }) => told.push(summary.info.runId));
  const added = await through(() => client.extendRun(config([0, 1, 2], {}, { sizes: { [PIECE]: 5 } })));
  expect(added.id).toBe(all.id);
  expect(counters.rows).toBe(20 + 24);
  expect(told).toEqual(['metric_2_0', 'metric_0_0', 'metric_1_0']);
});

test('a bundle', async () => {
  const { client, config, counters, through } = connect();
  await client.init({ cpu: true });
  const all = await through(() => client.run(config([0, 1, 2])));
  const { blob } = await through(() => client.run(config([0, 1])));
  const { resultId } = await client.openBundle('run.zip', blob);
  // Another one ran meanwhile.
  await through(() => client.run(config([5])));
  counters.rows = 0;
  const added = await through(() => client.extendRun(config([0, 1, 2]), { bundle: resultId }));
  expect(added.id).toBe(all.id);
  expect(counters.rows).toBe(28);
});

test('what does not belong together is refused, and the results stay', async () => {
  const { client, config, through } = connect();
  await client.init({ cpu: true });
  await expect(client.extendRun(config([0]))).rejects.toThrow('no run to add to');
  await through(() => client.run(config([0])));
  const refused = await client.extendRun(config([0, 1], { rows: 7 })).catch((error) => error);
  expect(refused).toMatchObject({ field: 'extend', message: expect.stringContaining('params.rows') });
  expect(await client.item(0)).toMatchObject({ info: { runId: 'metric_0_0' } });
  await expect(client.extendRun(config([0, 1]), { bundle: 'sha256:0' })).rejects.toThrow('no longer open');
});
