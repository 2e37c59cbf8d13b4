/** `lockstep run --metrics` and `lockstep compare-precisions`, with a small network of the Gaussian task. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gaussianWorkload } from '../engine/test-support/gaussian.ts';
import { flowWorkload } from '../workloads/flow/workload.ts';
import { runCli } from './program.ts';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-quality-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** Without exact posteriors, and with. */
const CHAINS = [
  gaussianWorkload(),
  {
    ...gaussianWorkload(),
    id: 'known',
    exact: async () => ({ dimension: 1, draws: () => new Float64Array(), insidePrior: () => true }),
  },
];

async function cli(...args: string[]) {
  const text = { out: '', err: '' };
  const sink = (key: 'out' | 'err') => ({
    write: (part: string) => {
      text[key] += part;
    },
  });
  const io = { out: sink('out'), err: sink('err'), onInterrupt: () => () => undefined };
  return { code: await runCli(args, { registry: [...CHAINS, flowWorkload], io, version: '1' }), ...text };
}

const network = fileURLToPath(new URL('../../tests/flow/fixtures/gaussian.safetensors', import.meta.url));
const FLOW = ['--workload', 'flow', '--task', 'gaussian', '--network', network, '--solver', 'midpoint', '--steps', '4'];
const at = (name: string) => join(scratch, name);
const json = (path: string) => JSON.parse(readFileSync(at(path), 'utf8'));

test('run --metrics writes metrics.json and says what is in it; its result id is that of the run without', async () => {
  const run = (folder: string, ...more: string[]) =>
    cli('run', ...FLOW, '--n-samples', '40', '--cpu', '--output-dir', at(folder), ...more);
  const measured = await run('measured', '--metrics');
  expect(measured.err).not.toContain('error');
  expect(measured.code).toBe(0);
  expect(measured.out).toMatch(
    /C2ST \d\.\d{3} \(exact draws against exact draws \d\.\d{3}\).* over 1 observation \([\w.-]+\), 40 points/,
  );
  expect(json('measured/metrics.json')).toMatchObject({ size: 'quick', n_compared: 1, calibration: null });
  expect((await run('plain')).code).toBe(0);
  expect(existsSync(at('plain/metrics.json'))).toBe(false);
  expect(json('plain/manifest.json').result_id).toBe(json('measured/manifest.json').result_id);
  const paths = json('measured/manifest.json').files.map(({ path }: { path: string }) => path);
  expect(paths).toContain('metrics.json');
});

test('metrics are offered where independent draws can be held against exact posteriors, in two sizes; elsewhere refused with the reason', async () => {
  const refused = async (workload: string, why: string) => {
    const { code, err } = await cli('run', '--workload', workload, '--cpu', '--metrics', '--output-dir', at('other'));
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`^error: --metrics: .*${why}.* Runs of these have it: flow\\.\n$`));
    expect(existsSync(at('other'))).toBe(false);
    expect((await cli('run', '--workload', workload, '--help')).out).not.toContain('--metrics');
  };
  await refused(CHAINS[0].id, 'it knows no exact posteriors');
  await refused(CHAINS[1].id, 'its posteriors are of chains');
  expect((await cli('run', '--workload', 'flow', '--help')).out).toContain('--metrics [size]');
  const wrong = await cli('run', ...FLOW, '--metrics', 'huge', '--output-dir', at('wrong'));
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('quick, full');
});

test('compare-precisions runs each in turns and writes both tables', async () => {
  const tables = ['--csv', at('cost.csv'), '--markdown', at('cost.md')];
  const { code, out, err } = await cli(
    ...['compare-precisions', ...FLOW, '--n-samples', '120', '--backend', 'vulkan', ...tables],
  );
  expect(err).not.toContain('error');
  expect(code).toBe(0);
  const [header, f32, storage] = out.split('\n');
  expect(header).toContain('largest |v16 − v32|/rms');
  expect(f32).toMatch(/^f32 .*×1\.00 +×1\.00 +×1\.00 +0\.0e\+0/);
  // Every hidden weight takes half of its bytes.
  expect(storage).toMatch(/^f16-storage .*×0\.\d\d +×0\.50 +\d\.\de-[2-6]/);
  expect(readFileSync(at('cost.csv'), 'utf8').split('\n')[2]).toMatch(/^f16-storage,/);
  expect(readFileSync(at('cost.md'), 'utf8')).toContain('| f16-storage |');
  const none = await cli('compare-precisions', '--backend', 'vulkan');
  expect(none.code).toBe(2);
  expect(none.err).toContain('computes in f32 alone');
});
