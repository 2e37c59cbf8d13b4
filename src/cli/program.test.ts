import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gaussianWorkload } from '../engine/test-support/gaussian.ts';
import { ConfigError } from '../workloads/workload.ts';
import type { AddCommands } from './experiment-commands.ts';
import { runCli } from './program.ts';
import { atChunk } from './test-support/at-chunk.ts';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-cli-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const cli = (...args: string[]) => cliWith(args);

/** The command line; `interruptAt` interrupts it as a chunk begins. */
async function cliWith(args: readonly string[], interruptAt?: number) {
  const text = { out: '', err: '' };
  let interrupt = () => {};
  const sink = (key: 'out' | 'err') => ({
    write: (part: string) => {
      text[key] += part;
    },
  });
  const io = {
    out: sink('out'),
    err: sink('err'),
    onInterrupt: (stop: () => void) => {
      interrupt = stop;
      return () => {};
    },
  };
  const workload = gaussianWorkload();
  const first = interruptAt === undefined ? workload : atChunk(workload, interruptAt, () => interrupt());
  const weights = { ...workload.files[0], role: 'weights' };
  const registry = [first, { ...workload, id: 'other', title: 'Other', files: [weights] }];
  return { code: await runCli(args, { registry, io, version: '1.2.3' }), ...text };
}

/** A run on the twin into a folder of its own. */
const run = (folder: string, ...args: string[]) => cli('run', '--cpu', '--output-dir', join(scratch, folder), ...args);
const config = (folder: string) => JSON.parse(readFileSync(join(scratch, folder, 'run.json'), 'utf8'));

test('flags of every kind reach the configuration; lists take spaces, commas and negative numbers', async () => {
  const { code, err } = await run(
    'flags',
    ...['--preset', 'wide', '--means', '-0.01', '0.02', '1e-3', '--repeats', '1', '--noise-sigma', '0.5'],
    ...['--paired', '--batch-size', '2', '--base-seed', '7', '--memory-budget', '64'],
  );
  expect(err).toContain('3 galaxies in 2 chunks of 2');
  expect(code).toBe(0);
  expect(config('flags')).toMatchObject({
    preset: 'wide',
    seed: 7,
    batch: { size: 2, memoryBudgetMiB: 64, memoryClass: 'auto', sizes: {} },
    params: { means: [-0.01, 0.02, 0.001], repeats: 1, noiseSigma: 0.5, paired: true },
  });
});

test('the folder holds the bundle’s layout, complete files only', async () => {
  await run('layout');
  const files = readdirSync(join(scratch, 'layout'), { recursive: true, encoding: 'utf8' });
  expect(files).toEqual(
    expect.arrayContaining(['m0_s42/posterior.nc', 'm1_s45/truth.json', 'summary.csv', 'README.md']),
  );
  expect(files.filter((file) => file.endsWith('.partial'))).toEqual([]);
});

test('--config repeats a run bit by bit; flags beside it override it', async () => {
  await run('first', '--means', '0.25', '--seed', '9');
  const json = join(scratch, 'first', 'run.json');
  await run('second', '--config', json, '--batch-size', '1');
  const draws = (folder: string, id: string) => readFileSync(join(scratch, folder, id, 'posterior.nc'));
  expect(draws('second', 'm0.25_s9').equals(draws('first', 'm0.25_s9'))).toBe(true);
  await run('third', '--config', json, '--means', '0.5');
  expect(config('third')).toMatchObject({ seed: 9, params: { means: [0.5] } });
});

test('an earlier run in the folder, and images that a run.json asks for, are spoken of', async () => {
  expect((await run('twice', '--means', '0')).err).not.toContain('earlier run');
  const refused = await run('twice', '--means', '1');
  expect(refused.err).toContain('2 posteriors of an earlier run (m0_s42');
  expect(refused.code).toBe(2);
  const json = { ...config('twice'), ran: { images: { name: 'mine.npy', sha256: 'sha256:0' } } };
  writeFileSync(join(scratch, 'mine.json'), JSON.stringify(json));
  const { code, err } = await run('simulated', '--config', join(scratch, 'mine.json'));
  expect(err).toContain('mine.npy, which is not given');
  expect(code).toBe(0);
});

test('the summary shows truth against estimate, the pooled bias and what did not converge', async () => {
  const { out } = await run('summary', '--draws', '400');
  expect(out).toMatch(/m0_s42 +0\.0+ → -?\d\.\d+ ± \d\.\d+/);
  expect(out).toMatch(/ {2}a: m = [+-]\d\.\d+e/);
  expect(out).not.toMatch(/ {2}b: m =/);
  expect(out).toMatch(/Converged .*: \d of 4/);
  expect(out).toContain(join(scratch, 'summary'));
});

describe('what is wrong is said with its flag, and the exit code tells', () => {
  test.each([
    [['--noise-sigma', '0'], '--noise-sigma'],
    [['--noise-sigma', 'loud'], 'loud'],
    [['--repeats', '1.5'], '--repeats'],
    [['--batch-size', 'many'], '--batch-size'],
    [['--base-seed', '-1'], '--base-seed'],
    [['--profile', 'flat', '--paired'], '--paired'],
    [['--preset', 'wyde'], 'plain, wide'],
    [['--nois-sigma', '1'], '--noise-sigma'],
    [['--images', 'absent.npy'], '--images: cannot read absent.npy'],
    [['--weights', 'absent.npy'], 'Gaussian takes no such file; Other does.'],
    [['--workload', 'other', '--truth', 'absent.csv'], 'Other takes no such file; Gaussian does.'],
    [['--config', 'absent.json'], '--config'],
    [['--seed', '1', '--base-seed', '2'], '--base-seed'],
  ])('%j', async (args, part) => {
    const { code, err } = await run('wrong', ...args);
    expect(err).toContain(part);
    expect(code).toBe(2);
    expect(readdirSync(scratch)).not.toContain('wrong');
  });

  test('a run.json with an unknown field', async () => {
    writeFileSync(join(scratch, 'bad.json'), '{"params": {"noiseSigmaa": 1}}');
    const { code, err } = await run('wrong', '--config', join(scratch, 'bad.json'));
    expect(err).toContain('"noiseSigma"');
    expect(code).toBe(2);
  });

  test('a run.json of another experiment', async () => {
    writeFileSync(join(scratch, 'other.json'), '{"workload": "flow"}');
    const { code, err } = await run('wrong', '--config', join(scratch, 'other.json'));
    expect(err).toContain('flow');
    expect(code).toBe(2);
  });

  test('an output folder that cannot be made', async () => {
    writeFileSync(join(scratch, 'a-file'), '');
    const { code, err } = await run('a-file/inside');
    expect(err).toContain('--output-dir');
    expect(code).toBe(2);
  });

  test('an output folder is tried before anything else is opened, and not made for a run that does not begin', async () => {
    const missing = ['--images', join(scratch, 'missing.npy')];
    const { code, err } = await run('a-file/inside', ...missing);
    expect(err).toContain('--output-dir');
    expect(code).toBe(2);
    const other = await run('not/yet/there', ...missing);
    expect(other.err).toContain('missing.npy');
    expect(other.code).not.toBe(0);
    expect(readdirSync(scratch)).not.toContain('not');
  });

  test('the batch size among the sizes: the flag to use is named', async () => {
    const { code, err } = await run('wrong', '--size', 'shear.chunk=2');
    expect(err).toContain('--batch-size: shear.chunk is the batch size');
    expect(code).toBe(2);
  });

  test('items without a result: the others are written, the exit code is 1', async () => {
    const { code, err } = await run('broken', '--broken', '3', '--batch-size', '1');
    expect(code).toBe(1);
    expect(err).toContain('item 3 has no gradient');
    expect(readdirSync(join(scratch, 'broken'))).toEqual(expect.arrayContaining(['m0_s42', 'm1_s44', 'failures.json']));
  });

  test('interrupted: what is finished stays, the exit code is 130', async () => {
    const args = ['run', '--cpu', '--output-dir', join(scratch, 'interrupted'), '--batch-size', '1'];
    const { code } = await cliWith(args, 3);
    expect(code).toBe(130);
    const files = readdirSync(join(scratch, 'interrupted'));
    expect(files).toEqual(expect.arrayContaining(['run.json', 'm0_s42', 'm0_s43']));
    expect(files.filter((file) => file.startsWith('m1'))).toEqual([]);
  });
});

test('help, version and presets are no failures', async () => {
  const help = await cli('run', '--help');
  expect(help.code).toBe(0);
  for (const flag of ['--noise-sigma', '--batch-size', '--config', '--cpu']) expect(help.out).toContain(flag);
  const files = (text: string) => text.match(/--(images|truth|weights) <file>/g);
  expect(files(help.out)).toEqual(['--images <file>', '--truth <file>']);
  expect(files((await cli('run', '--workload', 'other', '--help')).out)).toEqual(['--weights <file>']);
  expect(await cli('--version')).toMatchObject({ code: 0, out: '1.2.3\n' });
  expect((await cli('presets')).out).toContain('wide');
});

test('an experiment adds commands of its own, whose --resume is no run folder; what they throw is told with its flag', async () => {
  const add: AddCommands = (program, { io, ended }) => {
    program
      .command('measure')
      .description('Measures.')
      .option('--resume', 'goes on')
      .action(({ resume }: { resume?: true }) => {
        if (!resume) throw new ConfigError('resume', 'there is nothing else to do.');
        io.out.write('measured\n');
        ended(7);
      });
  };
  const text = { out: '', err: '' };
  const sink = (key: 'out' | 'err') => ({ write: (part: string) => (text[key] += part) });
  const io = { out: sink('out'), err: sink('err'), onInterrupt: () => () => {} };
  const measure = (...args: string[]) =>
    runCli(args, { registry: [gaussianWorkload()], commands: [add], io, version: '1' });
  expect(await measure('measure', '--resume')).toBe(7);
  expect(text.out).toBe('measured\n');
  expect(await measure('measure')).toBe(2);
  expect(text.err).toBe('error: --resume: there is nothing else to do.\n');
  await measure('--help');
  expect(text.out).toMatch(/info[\s\S]*measure/);
});
