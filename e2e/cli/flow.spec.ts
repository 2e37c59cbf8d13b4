/** Posterior sampling from the command line: files, a table of observations, chunks, what is refused. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/locate.mjs';
import { engines, readPosteriors } from '../posteriors.ts';
import { lockstep, lockstepOk } from './lockstep.ts';

const network = join(root, 'tests/flow/fixtures/gaussian.safetensors');
let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-flow-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const run = (folder: string, ...more: string[]) => [
  'run',
  '--workload',
  'flow',
  '--preset',
  'quick',
  '--network',
  network,
  '--solver',
  'euler',
  '--output-dir',
  join(scratch, folder),
  ...more,
];
const resultOf = ({ stdout }: { stdout: string }) => /^result (sha256:\S+)$/m.exec(stdout)?.[1];

test('a run of three observations opens with both engines of xarray, and repeats for any chunk', async () => {
  const whole = await lockstepOk(...run('whole', '--observation', '1', '2', '3'));
  expect(whole.stdout).toContain('of an observation that the model can make): 3 of 3');
  for (const engine of engines)
    for (const [runId, { posterior }] of Object.entries(readPosteriors(join(scratch, 'whole'), engine)))
      for (const name of ['theta_1', 'theta_2', 'theta_3'])
        expect(posterior[name], `${runId} ${name} by ${engine}`).toMatchObject({
          dims: ['chain', 'draw'],
          finite: true,
        });
  const split = await lockstepOk(...run('split', '--observation', '1', '2', '3', '--batch-size', '2'));
  expect(resultOf(split)).toBe(resultOf(whole));
  const again = await lockstepOk(
    'run',
    '--config',
    join(scratch, 'whole/run.json'),
    '--network',
    network,
    '--output-dir',
    join(scratch, 'again'),
  );
  expect(resultOf(again)).toBe(resultOf(whole));
  // Without the network that would be another run.
  const bare = await lockstep(
    'run',
    '--config',
    join(scratch, 'whole/run.json'),
    '--output-dir',
    join(scratch, 'bare'),
  );
  expect(bare.code).toBe(2);
  expect(bare.stderr).toMatch(
    /--network: this configuration ran with .* gaussian\.safetensors \(sha256:[0-9a-f]{64}\)/,
  );
});

test('a table of observations is taken, and one of another shape refused', async () => {
  const [good, bad] = [join(scratch, 'good.csv'), join(scratch, 'bad.csv')];
  writeFileSync(good, 'a,b,c\n1,1.2,0.6\n0.2,1.9,1\n');
  writeFileSync(bad, '1,2\n3,4\n');
  await lockstepOk(...run('table', '--images', good, '--n-samples', '400', '--precision', 'f16-storage'));
  const summary = readFileSync(join(scratch, 'table/summary.csv'), 'utf8').trim().split('\n');
  expect(summary.map((line) => line.split(',')[0])).toEqual(['run_id', 'observation_00000', 'observation_00001']);
  // x − 1 is the posterior mean of the task, to about a tenth.
  expect(Math.abs(Number(summary[1].split(',')[summary[0].split(',').indexOf('theta_2_mean')]) - 0.2)).toBeLessThan(
    0.15,
  );
  const refused = await lockstep(...run('refused', '--images', bad));
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('bad.csv has shape [2, 2], and Gaussian takes [n, 3] or [n, 3, 1]');
});

test('observations that the simulator cannot make are warned of, not complete and not measured; truths that cannot be are refused', async () => {
  const [images, truth] = [join(scratch, 'impossible.csv'), join(scratch, 'truths.csv')];
  writeFileSync(images, 'x1,x2\n1.07,0.63\n-0.64,0.16\n');
  writeFileSync(truth, 'theta_1,theta_2\n,\n-99,-0.57\n');
  const moons = ['run', '--workload', 'flow', '--preset', 'first', '--images', images, '--n-samples', '400'];
  const refused = await lockstep(...moons, '--truth', truth, '--output-dir', join(scratch, 'sentinel'));
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(
    'truths.csv: the row of observation 1 (counted from 0), column theta_1: -99 is not allowed; the prior of theta_1 reaches from -1 to 1',
  );
  const { stdout, stderr } = await lockstepOk(...moons, '--metrics', '--output-dir', join(scratch, 'impossible'));
  expect(`${stdout}${stderr}`).toMatch(/1 of 2 observations is unlike anything that prior and simulator make/);
  expect(stdout).toContain('that the model can make): 1 of 2');
  expect(stdout).toContain('observation_00000: the model hardly ever makes such data (prior p ≤ 0.001)');
  expect(`${stdout}${stderr}`).toContain('Left out, not compared: observation_00000: there is no exact posterior');
  const [header, first, second] = readFileSync(join(scratch, 'impossible/summary.csv'), 'utf8').split('\n');
  const p = (row: string) => Number(row.split(',')[header.split(',').indexOf('prior_predictive_p')]);
  expect(p(first)).toBeLessThanOrEqual(0.001);
  expect(p(second)).toBeGreaterThan(0.01);
});

test('halves are compared with f32, real f16 by wgpu among them', async () => {
  const csv = join(scratch, 'precisions.csv');
  const options = [
    '--workload',
    'flow',
    '--preset',
    'quick',
    '--network',
    network,
    '--steps',
    '5',
    '--n-samples',
    '200',
    '--csv',
    csv,
  ];
  await lockstepOk('--runtime', 'deno', 'compare-precisions', ...options);
  const [header, ...rows] = readFileSync(csv, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const column = (name: string) => rows.map((row) => row[header.indexOf(name)]);
  expect(column('precision')).toEqual(['f32', 'f16-storage', 'f16']);
  const [, ...differences] = column('velocity_difference').map(Number);
  for (const difference of differences) {
    // Halves round to 5e-4; equal bits would mean that nothing was rounded to them.
    expect(difference).toBeLessThan(5e-3);
    expect(difference).toBeGreaterThan(1e-5);
  }
  expect(column('halved_buffers_ratio')).toEqual(['1', '0.5', '0.5']);
});

test('a network that is damaged, of another task, or of a precision that is not offered is refused', async () => {
  const cut = join(scratch, 'cut.safetensors');
  writeFileSync(cut, readFileSync(network).subarray(0, 4000));
  const refused = async (...more: string[]) => {
    const { code, stderr } = await lockstep(...run('never', ...more));
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused('--network', cut)).toMatch(
    /cut\.safetensors: layers\.\S+ of shape \[.*\] needs \d+ bytes, and the file has/,
  );
  expect(await refused('--task', 'two_moons')).toContain('is a network for the task gaussian');
  expect(await refused('--precision', 'f64')).toContain('f16-storage');
});
