import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPython, root } from '../../scripts/locate.mjs';
import { summaryColumns } from '../bundle.ts';
import { engines, fingerprints, headerOf, largestDistanceInMcse, readPosteriors } from '../posteriors.ts';
import { lockstep, lockstepOk } from './lockstep.ts';

/** Draws that are enough for effective sizes: what is tested is the way of a run, and the page's tests run the preset as it is. */
const PROBLEM = ['--preset', 'quick', '--draws', '120', '--warmup', '32', '--rescue', 'false'];

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-cli-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

describe('a run of the quick preset', () => {
  const folder = () => join(scratch, 'quick');
  beforeAll(() => lockstepOk('run', ...PROBLEM, '--output-dir', folder()));

  test('lays its files out as SHINE does', () => {
    for (const file of ['run.json', 'environment.json', 'summary.csv', 'shaders'])
      expect(existsSync(join(folder(), file)), file).toBe(true);
    const [header, ...rows] = readFileSync(join(folder(), 'summary.csv'), 'utf8').trim().split(/\r?\n/);
    expect(header).toBe(`${summaryColumns},chi2_per_pixel,unfit`);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect(readdirSync(join(folder(), row.split(',')[0])).sort()).toEqual(
        expect.arrayContaining(['convergence.json', 'posterior.nc', 'truth.json']),
      );
  });

  test('opens with both engines of xarray and with ncdump', () => {
    for (const engine of engines)
      for (const [runId, { posterior, sample_stats }] of Object.entries(readPosteriors(folder(), engine))) {
        for (const name of ['g1', 'g2', 'x', 'y'])
          expect(posterior[name], `${runId} ${name} by ${engine}`).toMatchObject({
            dims: ['chain', 'draw'],
            finite: true,
          });
        expect(sample_stats.lp.dims).toEqual(['chain', 'draw']);
        const header = headerOf(join(folder(), runId, 'posterior.nc'));
        expect(header).toMatch(/group: posterior/);
        expect(header).toMatch(/double g1\(chain, draw\)/);
      }
  });

  test('is repeated to the last bit by reproduce.sh, from its own run.json, and load.py prints it', () => {
    const again = join(scratch, 'reproduced');
    const said = execFileSync('sh', [join(folder(), 'reproduce.sh'), root, again], { cwd: scratch, encoding: 'utf8' });
    expect(said).toMatch(/bundle (sha256:[0-9a-f]{64})\nrerun {2}\1\nThe same result\.\n$/);
    expect(fingerprints(readPosteriors(again))).toEqual(fingerprints(readPosteriors(folder())));
    const summary = readFileSync(join(folder(), 'summary.csv'), 'utf8').trim().split(/\r?\n/);
    const table = execFileSync(findPython()!, [join(folder(), 'load.py')], { encoding: 'utf8' });
    for (const row of summary.slice(1)) expect(table).toContain(row.split(',')[0]);
  });

  test('gives the same posteriors in Deno within Monte Carlo error', async () => {
    const deno = join(scratch, 'deno');
    await lockstepOk('--runtime', 'deno', 'run', ...PROBLEM, '--output-dir', deno);
    expect(largestDistanceInMcse(folder(), deno)).toBeLessThan(5);
  });
});

test('the same seed with batch 1 and 16 gives the same draws to the last bit', async () => {
  const runs: Record<string, string>[] = [];
  for (const batch of ['1', '16']) {
    const folder = join(scratch, `batch-${batch}`);
    const problem = ['--preset', 'quick', '--shear-grid', '0.01', '0.02', '--n-realizations', '10', '--base-seed', '7'];
    const few = ['--warmup', '4', '--draws', '8', '--rescue', 'false'];
    await lockstepOk('run', ...problem, ...few, '--batch-size', batch, '--output-dir', folder);
    runs.push(fingerprints(readPosteriors(folder)));
  }
  expect(Object.keys(runs[0]).filter((key) => key.endsWith('/posterior/g1'))).toHaveLength(20);
  for (const run of runs.slice(1)) expect(run).toEqual(runs[0]);
});

describe('what goes wrong is said, and the exit code tells', () => {
  test('--help lists the flags and is no failure', async () => {
    const { code, stdout } = await lockstep('run', '--help');
    expect(code).toBe(0);
    for (const flag of ['--batch-size', '--shear-grid', '--n-realizations', '--base-seed', '--output-dir'])
      expect(stdout).toContain(flag);
  });

  test('a preset that does not exist', async () => {
    const folder = join(scratch, 'none');
    const { code, stderr } = await lockstep('run', '--preset', 'quik', '--output-dir', folder);
    expect(code).not.toBe(0);
    expect(stderr).toContain('quick');
    expect(existsSync(folder)).toBe(false);
  });

  test('images that are not there', async () => {
    const { code, stderr } = await lockstep('run', '--images', join(scratch, 'absent.npy'), '--output-dir', scratch);
    expect(code).not.toBe(0);
    expect(stderr).toContain('absent.npy');
  });

  test('an output folder that cannot be made', async () => {
    const file = join(scratch, 'a-file');
    mkdirSync(scratch, { recursive: true });
    copyFileSync(join(import.meta.dirname, 'run.spec.ts'), file);
    const { code, stderr } = await lockstep('run', '--preset', 'quick', '--output-dir', join(file, 'inside'));
    expect(code).not.toBe(0);
    expect(stderr).toContain('a-file');
  });
});
