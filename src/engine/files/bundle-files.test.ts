import { expect, test } from 'vitest';
import { sha256Of } from '../../bundle/sha256.ts';
import { fromJson, parseRunConfig } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { RunController } from '../run/controller.ts';
import { collectBundle } from '../test-support/collect.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';

async function whole(params: Record<string, unknown>, size: number, preset = 'plain', seed = 42) {
  const workload = gaussianWorkload();
  const config = parseRunConfig({ batch: { size }, params, preset, seed }, [workload]);
  const run = new RunController({ plan: planRun(workload, config, {}, null), gpu: null, listener: {} });
  await run.run();
  return collectBundle(run);
}

const bundle = async (params: Record<string, unknown>, size: number) => (await whole(params, size)).files;

const text = (files: Map<string, Uint8Array>, path: string) => new TextDecoder().decode(files.get(path));

test('the bundle has a folder for every item, and the run’s own files, sorted by path', async () => {
  const files = await bundle({}, 3);
  const items = ['m0_s42', 'm0_s43', 'm1_s44', 'm1_s45'];
  const run = [
    'README.md',
    'bias_results.json',
    'environment.json',
    'failures.json',
    'items.json',
    'load.py',
    'memory.csv',
    'posterior_all.nc',
  ];
  const more = ['reproduce.sh', 'ro-crate-metadata.json', 'run.json', 'summary.csv', 'timing.csv', 'tuning.json'];
  const plots = ['plots/pulls-a.svg', 'plots/pulls-b.svg', 'plots/recovery-a.svg', 'plots/recovery-b.svg'];
  const expected = items.flatMap((id) => [`${id}/convergence.json`, `${id}/posterior.nc`, `${id}/truth.json`]);
  expect([...files.keys()]).toEqual([...[...run, ...more, ...plots, ...expected].sort(), 'manifest.json']);
});

const RECORDS = ['environment.json', 'memory.csv', 'ro-crate-metadata.json', 'run.json', 'timing.csv', 'tuning.json'];

test('equal seeds give byte-equal results for any chunk size; only records of the run itself differ', async () => {
  const one = await bundle({}, 1);
  const three = await bundle({}, 3);
  const differing = [...one.keys()].filter((path) => !Buffer.from(one.get(path)!).equals(three.get(path)!));
  for (const path of differing) {
    expect([...RECORDS, 'manifest.json']).toContain(path);
  }
});

test('the result id is equal for batch 1, 4 and 16 and any preset name, and another for another seed or parameter', async () => {
  const params = { means: [0.5, 1], repeats: 10, noiseSigma: 2, draws: 8 };
  const { resultId } = await whole(params, 1);
  expect(resultId).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect((await whole(params, 4)).resultId).toBe(resultId);
  expect((await whole(params, 16)).resultId).toBe(resultId);
  expect((await whole(params, 16, 'wide')).resultId).toBe(resultId);
  expect((await whole(params, 16, 'plain', 43)).resultId).not.toBe(resultId);
  // The Gaussian's draws do not depend on this one: the configuration itself counts.
  expect((await whole({ ...params, noiseSigma: 3 }, 16)).resultId).not.toBe(resultId);
});

test('the manifest has size, hash and type of every other file; the crate lists what the run wrote', async () => {
  const files = await bundle({}, 3);
  const manifest = JSON.parse(text(files, 'manifest.json'));
  expect(manifest).toMatchObject({ schema: 'lockstep-bundle', schema_version: 1 });
  const others = [...files].filter(([path]) => path !== 'manifest.json');
  expect(manifest.files.map(({ path }: { path: string }) => path)).toEqual(others.map(([path]) => path));
  for (const [i, [, bytes]] of others.entries())
    expect(manifest.files[i]).toMatchObject({ bytes: bytes.length, sha256: sha256Of(bytes) });
  const crate = JSON.parse(text(files, 'ro-crate-metadata.json'))['@graph'];
  const entity = (id: string) => crate.find((each: { '@id': string }) => each['@id'] === id);
  const folders = new Set(
    others.map(([path]) => (/^m/.test(path) && path.includes('/') ? `${path.split('/')[0]}/` : path)),
  );
  folders.delete('ro-crate-metadata.json');
  expect(
    entity('./')
      .hasPart.map((part: { '@id': string }) => part['@id'])
      .sort(),
  ).toEqual([...folders].sort());
  for (const { '@id': id } of entity('./').hasPart) expect(entity(id), id).toBeDefined();
  expect(entity('#run')).toMatchObject({ '@type': 'CreateAction', object: { '@id': 'run.json' } });
});

test('run.json reads back to the configuration that ran, and notes the chunk', async () => {
  const files = await bundle({ means: [0.5] }, 2);
  const config = fromJson(text(files, 'run.json'), [gaussianWorkload()]);
  expect(config).toMatchObject({ seed: 42, batch: { size: 2 }, params: { means: [0.5] } });
  expect(JSON.parse(text(files, 'run.json')).ran).toMatchObject({ mode: 'cpu', items: 2, chunk: 2 });
});

test('items that failed or did not converge are listed with their reasons', async () => {
  const files = await bundle({ broken: [3] }, 1);
  const failures = JSON.parse(text(files, 'failures.json'));
  expect(failures.state).toBe('finished');
  expect(failures.failed).toEqual([
    { run_id: 'm1_s45', index: 3, seed: 45, error: 'Error', reason: 'item 3 has no gradient' },
  ]);
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
  expect(header).toBe('buffer,role,bytes,bytes_per_item,formula,rescue,chunk');
  expect(rows.map((row) => Number(row.split(',')[2]))).toEqual([2 * 1024 ** 2, 64, 2 * 1024 ** 2 + 64]);
});
