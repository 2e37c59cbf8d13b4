/** Output folders that hold another run, that change while a run goes on, and that cannot be written. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gaussianWorkload } from '../engine/test-support/gaussian.ts';
import { runCli } from './program.ts';
import { atChunk } from './test-support/at-chunk.ts';

const FLAGS = ['--cpu', '--repeats', '2', '--draws', '60', '--batch-size', '1'];
let scratch: string;
let folder: string;
let folders = 0;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-folders-'));
});
beforeEach(() => {
  folder = join(scratch, `run-${folders++}`);
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** Runs into the folder; `act` happens as a chunk, counted from 1, begins. */
async function run(
  flags: readonly string[],
  chunk = 0,
  act: (interrupt: () => void) => void | Promise<void> = () => {},
) {
  const text = { out: '', err: '' };
  let interrupt = () => {};
  const sink = (key: 'out' | 'err') => ({ write: (part: string) => (text[key] += part) });
  const onInterrupt = (stop: () => void) => {
    interrupt = stop;
    return () => {};
  };
  const io = { out: sink('out'), err: sink('err'), onInterrupt };
  const registry = [atChunk(gaussianWorkload(), chunk, () => act(interrupt))];
  const code = await runCli(['run', ...flags], { registry, io, version: '1.2.3' });
  return { code, ...text, result: /result (sha256:\w+)/.exec(text.out)?.[1] };
}
const into = (...flags: string[]) => ['--output-dir', folder, ...FLAGS, ...flags];
const files = () => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
/** Waits until an item's files are there: they are written while the run goes on. */
const written = async (item: string) => {
  while (!existsSync(join(folder, item, 'truth.json'))) await new Promise((resolve) => setTimeout(resolve, 5));
};
const manifest = (name = 'manifest.json') =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result_id: string; files: { path: string }[] };

test('of two runs started into one folder at the same time one goes on, and the other touches nothing', async () => {
  const ended = await Promise.all([run(into('--means', '0')), run(into('--means', '100'))]);
  const codes = ended.map(({ code }) => code).sort();
  expect(codes).toEqual([0, 2]);
  const [won, lost] = ended[0].code === 0 ? ['m0', 'm100'] : ['m100', 'm0'];
  expect(ended.find(({ code }) => code === 2)?.err).toMatch(/--output-dir: process \d+ is running into/);
  const there = files().filter((file) => file.endsWith('posterior.nc'));
  expect(there.filter((file) => file.startsWith(`${won}_`))).toHaveLength(2);
  expect(there.filter((file) => file.startsWith(`${lost}_`))).toEqual([]);
});

describe('a folder that holds another finished run', () => {
  beforeEach(async () => {
    expect((await run(into('--means', '0', '5'))).code).toBe(0);
  });

  test('is refused before anything is touched', async () => {
    const before = files().map((file) => [file, existsSync(join(folder, file, '..')) && file]);
    const { code, err } = await run(into('--means', '7'));
    expect(err).toMatch(
      /--output-dir: .* holds 4 posteriors of an earlier run \(m0_s42, …\), and this is another run.*--overwrite.*--append/,
    );
    expect(code).toBe(2);
    expect(files().map((file) => [file, existsSync(join(folder, file, '..')) && file])).toEqual(before);
  });

  test('the very same run takes its place, and has its result', async () => {
    const { result_id } = manifest();
    const { code, err, result } = await run(into('--means', '0', '5', '--batch-size', '3'));
    expect(err).toContain('holds 4 posteriors of an earlier run (m0_s42, …): equal names are replaced');
    expect({ code, result }).toEqual({ code: 0, result: result_id });
  });

  test('--overwrite removes what its manifest lists and nothing else', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    writeFileSync(join(folder, 'm0_s42', 'notes.txt'), 'mine');
    const { code } = await run(into('--means', '7', '--overwrite'));
    expect(code).toBe(0);
    const there = files();
    expect(there).toEqual(expect.arrayContaining(['notes.txt', join('m0_s42', 'notes.txt')]));
    expect(there.filter((file) => file.endsWith('posterior.nc'))).toEqual(
      ['m7_s42', 'm7_s43'].map((item) => join(item, 'posterior.nc')),
    );
    expect(there).not.toContain('m5_s44');
  });

  test('--overwrite leaves posteriors that no manifest lists, and says so', async () => {
    mkdirSync(join(folder, 'theirs'));
    writeFileSync(join(folder, 'theirs', 'posterior.nc'), '');
    const before = files();
    const { code, err } = await run(into('--means', '7', '--overwrite'));
    expect(err).toContain('posteriors that no manifest lists (theirs)');
    expect(code).toBe(2);
    expect(files()).toEqual(before);
  });

  test('--append keeps its items, and its manifest and configuration under other names; equal names are refused', async () => {
    const { result_id } = manifest();
    const clash = await run(into('--means', '5', '7', '--base-seed', '44', '--append'));
    expect(clash.err).toContain('results of the same names already (m5_s44, m5_s45)');
    expect(clash.code).toBe(2);
    expect(manifest().result_id).toBe(result_id);

    const { code, err } = await run(into('--means', '7', '--append'));
    const digits = result_id.slice(-64).slice(0, 12);
    expect(err).toContain(`as manifest-${digits}.json and run-${digits}.json`);
    expect(code).toBe(0);
    const kept = manifest(`manifest-${digits}.json`);
    expect(kept.result_id).toBe(result_id);
    expect(manifest().files.map(({ path }) => path)).toContain('m7_s42/posterior.nc');
    for (const { path } of kept.files) expect(existsSync(join(folder, path)), path).toBe(true);
    // Both go when the folder is to be overwritten.
    expect((await run(into('--means', '9', '--overwrite'))).code).toBe(0);
    expect(files().filter((file) => /posterior\.nc$|manifest-|run-/.test(file))).toHaveLength(2);
  });
});

test('an unfinished run that is given up goes with what it had finished', async () => {
  for (const stopped of [true, false]) {
    await run(into('--means', '0', '5'), 3, (interrupt) => interrupt());
    // As a killed one leaves it.
    if (!stopped) rmSync(join(folder, 'manifest.json'));
    expect(files()).toContain(join('m0_s42', 'posterior.nc'));
    expect((await run(into('--means', '7', '--discard-checkpoint'))).code).toBe(0);
    expect(files().filter((file) => file.startsWith('m0'))).toEqual([]);
    rmSync(folder, { recursive: true });
  }
});

describe('what changes while a run goes on is found out before its end', () => {
  test.each([
    ['removed', () => rmSync(join(folder, 'm0_s42', 'posterior.nc')), /m0_s42\/posterior\.nc is missing/],
    ['cut short', () => writeFileSync(join(folder, 'm0_s42', 'truth.json'), '{}'), /truth\.json has 2 bytes instead/],
    [
      'changed',
      () => {
        const path = join(folder, 'm0_s42', 'posterior.nc');
        writeFileSync(path, readFileSync(path).fill(1, 900, 901));
      },
      /posterior\.nc has other contents/,
    ],
  ])('a file that is %s', async (_, change, reason) => {
    const ended = await run(into('--means', '0', '5'), 4, async () => {
      await written('m0_s43');
      change();
    });
    expect(ended.err).toMatch(reason);
    expect(ended.err).toContain(`lockstep run --resume ${folder}`);
    expect(ended).toMatchObject({ code: 1, result: undefined });
    expect(files()).not.toContain('manifest.json');
    // Going on writes it again.
    expect((await run(['--resume', folder])).code).toBe(0);
    for (const { path } of manifest().files) expect(existsSync(join(folder, path)), path).toBe(true);
  });

  test('the folder is removed: what is missing is named, and no manifest lists it', async () => {
    const { code, err, out } = await run(into('--means', '0', '5'), 4, async () => {
      await written('m0_s42');
      rmSync(folder, { recursive: true });
    });
    expect(err).toMatch(/is missing/);
    expect(err).toContain('Nothing is left to go on from');
    expect(code).toBe(1);
    // It stops once neither folder nor checkpoint can be written.
    expect(out).toMatch(/[34] of 4/);
    expect(existsSync(join(folder, 'manifest.json'))).toBe(false);
  });
});

describe('a folder that cannot be written any more', () => {
  /** A file in the place of a folder, as no rights help a superuser's test. */
  const block = (...names: string[]) => {
    for (const name of names) {
      rmSync(join(folder, name), { recursive: true, force: true });
      writeFileSync(join(folder, name), '');
    }
  };

  test('results: the path is named, the run goes on into its checkpoint, which --resume takes up', async () => {
    const { code, err } = await run(into('--means', '0', '5'), 2, () => block('m5_s44'));
    expect(err).toContain(`${join(folder, 'm5_s44', 'convergence.json')} could not be written`);
    expect(err).toContain('goes into the checkpoint alone');
    expect(err).toContain(`lockstep run --resume ${folder}`);
    expect(code).toBe(1);
    rmSync(join(folder, 'm5_s44'));
    const resumed = await run(['--resume', folder]);
    expect(resumed.err).toContain('4 galaxies are finished already');
    expect(resumed.code).toBe(0);
  });

  test('results and checkpoint: the run stops computing', async () => {
    const flags = into('--means', '0', '5', '--repeats', '40');
    const { code, err, out } = await run(flags, 2, () => block('m0_s44', '.checkpoint'));
    const last = Number(/(\d+) of 80/.exec(out)?.[1]);
    expect(err).toContain('Neither results nor a checkpoint can be written any more: the run stops.');
    expect(last).toBeLessThan(80);
    expect(code).toBe(1);
  });
});

test('files are counted once, however often they are written', async () => {
  // With 4 × 220 draws some posteriors miss a threshold and are sampled again.
  const flags = [
    '--output-dir',
    folder,
    '--cpu',
    '--means',
    '0',
    '--repeats',
    '5',
    '--draws',
    '220',
    '--base-seed',
    '7',
  ];
  const { out } = await run([...flags, '--rescue']);
  const count = files().filter((file) => readdirOf(file) === undefined).length;
  expect(out).toContain(`${count} files in ${folder}`);
});

function readdirOf(file: string): string[] | undefined {
  try {
    return readdirSync(join(folder, file));
  } catch {
    return undefined;
  }
}
