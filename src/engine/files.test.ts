import { expect, test } from 'vitest';
import { RunController } from './controller.ts';
import { bundleEntries, makeFiles } from './files.ts';
import { planRun } from './plan-run.ts';
import { fromJson, parseRunConfig } from './run-config.ts';
import { gaussianWorkload } from './test-support/gaussian.ts';

async function bundle(params: Record<string, unknown>, size: number): Promise<Map<string, Uint8Array>> {
  const workload = gaussianWorkload();
  const config = parseRunConfig({ batch: { size }, params }, [workload]);
  const run = new RunController({ plan: planRun(workload, config, {}, null), gpu: null, listener: {} });
  await run.run();
  const files = new Map<string, Uint8Array>();
  for await (const { path, bytes } of makeFiles(bundleEntries({ run, report: null }))) files.set(path, bytes);
  return files;
}

const text = (files: Map<string, Uint8Array>, path: string) => new TextDecoder().decode(files.get(path));

test('the bundle has SHINE’s folder for every item, and the run’s own files, sorted by path', async () => {
  const files = await bundle({}, 3);
  const items = ['m0_s42', 'm0_s43', 'm1_s44', 'm1_s45'];
  const run = ['README.md', 'environment.json', 'failures.json', 'memory.csv', 'run.json', 'summary.csv', 'timing.csv'];
  const expected = items.flatMap((id) => [`${id}/convergence.json`, `${id}/posterior.nc`, `${id}/truth.json`]);
  expect([...files.keys()]).toEqual([...run, ...expected].sort());
});

test('equal seeds give byte-equal results for any chunk size; only records of the run itself differ', async () => {
  const one = await bundle({}, 1);
  const three = await bundle({}, 3);
  const differing = [...one.keys()].filter((path) => !Buffer.from(one.get(path)!).equals(three.get(path)!));
  for (const path of differing) {
    expect(['environment.json', 'memory.csv', 'run.json', 'timing.csv']).toContain(path);
  }
});

test('run.json reads back to the configuration that ran, and notes the chunk', async () => {
  const files = await bundle({ means: [0.5] }, 2);
  const config = fromJson(text(files, 'run.json'), [gaussianWorkload()]);
  expect(config).toMatchObject({ seed: 42, batch: { size: 2 }, params: { means: [0.5] } });
  expect(JSON.parse(text(files, 'run.json')).ran).toMatchObject({ mode: 'cpu-twin', items: 2, chunk: 2 });
});

test('items that failed or did not converge are listed with their reasons', async () => {
  const files = await bundle({ broken: [3] }, 1);
  const failures = JSON.parse(text(files, 'failures.json'));
  expect(failures.state).toBe('finished');
  expect(failures.failed).toEqual([{ run_id: 'm1_s45', index: 3, error: 'Error', reason: 'item 3 has no gradient' }]);
  // 160 draws a parameter cannot have an effective size of 400.
  expect(failures.not_converged.map((item: { run_id: string }) => item.run_id)).toEqual(['m0_s42', 'm0_s43', 'm1_s44']);
  expect(failures.not_converged[0].problems.join()).toContain('bulk ESS of a');
  expect(files.has('m1_s45/posterior.nc')).toBe(false);
  expect(text(files, 'README.md')).toContain('1 of 4 failed');
});

test('memory.csv adds up', async () => {
  const [header, ...rows] = text(await bundle({}, 2), 'memory.csv')
    .trim()
    .split('\n');
  expect(header).toBe('buffer,role,bytes,bytes_per_item,formula');
  expect(rows.map((row) => Number(row.split(',')[2]))).toEqual([2 * 1024 ** 2, 64, 2 * 1024 ** 2 + 64]);
});
