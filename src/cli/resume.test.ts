/** Runs that were cut short, and what `--resume` makes of what they left. Killing processes for real: `e2e/cli/resume.spec.ts`. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { encodeNpy } from '../bundle/npy.ts';
import { gaussianWorkload } from '../engine/test-support/gaussian.ts';
import { shearWorkload } from '../workloads/shear/workload.ts';
import type { Workload } from '../workloads/workload.ts';
import { runCli } from './program.ts';
import { atChunk } from './test-support/at-chunk.ts';

const FLAGS = ['--cpu', '--means', '0', '1', '2', '--repeats', '3', '--draws', '60', '--batch-size', '1'];
const ITEMS = 9;
let scratch: string;
/** A run that was interrupted before all of its items had finished, never touched. */
let left: string;
let uninterrupted: string;

/** Runs the command line; with `interrupt` it is interrupted as the fifth chunk begins, when four have finished. */
async function cli(args: readonly string[], interrupt = false, workload: Workload = gaussianWorkload()) {
  const text = { out: '', err: '' };
  let stop = () => {};
  const write = (key: 'out' | 'err') => (part: string) => {
    text[key] += part;
  };
  const onInterrupt = (given: () => void) => {
    stop = given;
    return () => {};
  };
  const io = { out: { write: write('out') }, err: { write: write('err') }, onInterrupt };
  const registry = [interrupt ? atChunk(workload, 5, () => stop()) : workload];
  const code = await runCli(args, { registry, io, version: '1.2.3' });
  return { code, ...text, result: /result (sha256:\w+)/.exec(text.out)?.[1] };
}

const chunksIn = (folder: string) => {
  const path = join(folder, '.checkpoint');
  return existsSync(path) ? readdirSync(path).filter((name) => /^chunk-\d+\.lockstep$/.test(name)) : [];
};
const resume = (folder: string, ...flags: string[]) => cli(['run', '--resume', folder, ...flags]);

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-resume-'));
  left = join(scratch, 'left');
  const ended = await cli(['run', ...FLAGS, '--output-dir', left], true);
  expect(ended.code).toBe(130);
  expect(ended.err).toContain(`lockstep run --resume ${left}`);
  expect(chunksIn(left)).toHaveLength(4);
  uninterrupted = (await cli(['run', ...FLAGS, '--output-dir', join(scratch, 'whole')])).result!;
});
afterAll(() => rmSync(scratch, { recursive: true }));

let folder: string;
let copies = 0;
beforeEach(() => {
  folder = join(scratch, `copy-${copies++}`);
  cpSync(left, folder, { recursive: true });
});

test('finished items are not run again, the result id is the uninterrupted run’s, and the checkpoint is gone', async () => {
  const had = chunksIn(folder).length;
  const { code, err, result } = await resume(folder);
  expect(code).toBe(0);
  expect(result).toBe(uninterrupted);
  expect(err).toContain(`${had} galaxies are finished already and kept; ${ITEMS - had} to go`);
  expect(readdirSync(folder)).not.toContain('.checkpoint');
  const again = await resume(folder);
  expect(again).toMatchObject({ code: 0, result: uninterrupted });
  expect(again.out).toContain('nothing left to do');
});

test.each([
  ['{"a', /--resume: .*has finished.*run\.json is not JSON/],
  ['null', /--resume: .*run\.json does not hold a configuration/],
  ['['.repeat(5000), /--resume: .*nested more than 200 levels/],
])('a finished run whose run.json is %s is refused in words', async (text, message) => {
  await resume(folder);
  writeFileSync(join(folder, 'run.json'), text);
  const { code, err } = await resume(folder);
  expect(code).toBe(2);
  expect(err).toMatch(message);
});

test('a finished run whose manifest is damaged has finished all the same', async () => {
  await resume(folder);
  writeFileSync(join(folder, 'manifest.json'), '{"result_id"');
  const { code, out } = await resume(folder);
  expect(code).toBe(0);
  expect(out).toMatch(/nothing left to do\.\nIts manifest\.json is damaged/);
});

test('files of finished items that are missing or cut short are written again, half-written ones removed', async () => {
  const [id] = readdirSync(folder).filter((name) => name.startsWith('m0'));
  const posterior = join(folder, id, 'posterior.nc');
  const whole = readFileSync(posterior);
  writeFileSync(posterior, whole.subarray(0, 100));
  rmSync(join(folder, id, 'truth.json'));
  for (const partial of [
    `${id}/posterior.nc.partial`,
    '.checkpoint/chunk-000009.lockstep.partial',
    'run.json.partial',
  ]) {
    writeFileSync(join(folder, partial), 'half');
  }
  expect((await resume(folder)).result).toBe(uninterrupted);
  expect(readFileSync(posterior).equals(whole)).toBe(true);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(files).toContain(join(id, 'truth.json'));
  expect(files.filter((file) => file.endsWith('.partial'))).toEqual([]);
});

test.each(['damaged', 'missing'])('a %s chunk: its items are run again, and the run says so', async (how) => {
  const chunk = join(folder, '.checkpoint', 'chunk-000000.lockstep');
  if (how === 'missing') rmSync(chunk);
  else writeFileSync(chunk, readFileSync(chunk).fill(0, 500, 501));
  const { code, err, result } = await resume(folder);
  expect(err).toMatch(/chunk-000000\.lockstep: it.*What it held counts as not run/);
  expect({ code, result }).toEqual({ code: 0, result: uninterrupted });
});

test('a chunk of another run that got into the folder is named, and none of its items is taken', async () => {
  const other = join(scratch, 'other');
  if (!existsSync(other)) await cli(['run', ...FLAGS, '--noise-sigma', '3', '--output-dir', other], true);
  const chunk = join('.checkpoint', 'chunk-000001.lockstep');
  cpSync(join(other, chunk), join(folder, chunk));
  const { code, err, result } = await resume(folder);
  expect(err).toMatch(/chunk-000001\.lockstep: it belongs to another run\).*What it held counts as not run/);
  expect({ code, result }).toEqual({ code: 0, result: uninterrupted });
});

test('a damaged head: refused, nothing is touched; --discard-checkpoint begins anew', async () => {
  const head = join(folder, '.checkpoint', 'head.lockstep');
  writeFileSync(head, readFileSync(head).fill(0, 60, 61));
  const before = readdirSync(folder, { recursive: true }).sort();
  const { code, err } = await resume(folder);
  expect(code).toBe(2);
  expect(err).toMatch(/--resume: the head of the checkpoint .* cannot be used.*Files of finished items are kept/);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
  const anew = await cli(['run', ...FLAGS, '--output-dir', folder, '--discard-checkpoint']);
  expect(anew).toMatchObject({ code: 0, result: uninterrupted });
});

test('a new run into the folder is refused and changes nothing', async () => {
  const before = readdirSync(folder, { recursive: true }).sort();
  const { code, err } = await cli(['run', ...FLAGS, '--output-dir', folder]);
  expect(code).toBe(2);
  expect(err).toMatch(/--output-dir: .* holds an unfinished run.*--resume.*--discard-checkpoint/);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
});

test('flags may change the batch size but nothing that a result depends on', async () => {
  for (const [flag, value, part] of [
    ['--draws', '61', /--draws: .*began with 60, not 61/],
    ['--base-seed', '7', /--base-seed: .*began with 42, not 7/],
    ['--preset', 'wide', /--preset: .*began with "plain"/],
  ] as const) {
    const { code, err } = await resume(folder, flag, value);
    expect(err).toMatch(part);
    expect(code).toBe(2);
  }
  const config = await resume(folder, '--config', 'run.json');
  expect(config.err).toMatch(/--resume.*cannot be used with.*--config/);
  const { result } = await resume(folder, '--batch-size', '4', '--draws', '60');
  expect(result).toBe(uninterrupted);
});

test('a process that still runs into the folder is named; one that is gone is no hindrance', async () => {
  writeFileSync(join(folder, '.checkpoint', 'lock.json'), JSON.stringify({ pid: process.ppid, host: hostname() }));
  const busy = await resume(folder);
  expect(busy.err).toContain(`process ${process.ppid} is running into`);
  expect(busy.code).toBe(2);
  writeFileSync(join(folder, '.checkpoint', 'lock.json'), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
  expect((await resume(folder)).result).toBe(uninterrupted);
});

// Other systems do not tell; there such a process counts as running until its parent has asked.
if (process.platform === 'linux')
  test('a process that was killed and that its parent has not asked after is no hindrance either', async () => {
    // What takes the shell's place never asks how the shell's child has ended.
    const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 601'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
      const until = async (holds: () => boolean) => {
        while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
      };
      await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
      process.kill(pid, 'SIGKILL');
      await until(() => /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
      writeFileSync(join(folder, '.checkpoint', 'lock.json'), JSON.stringify({ pid, host: hostname() }));
      expect((await resume(folder)).result).toBe(uninterrupted);
    } finally {
      parent.kill();
    }
  });

test('images of the user’s: another file is refused by its name, the same one goes on, given or remembered', async () => {
  const [n, pixels] = [6, 24];
  const [images, other] = [join(scratch, 'stamps.npy'), join(scratch, 'others.npy')];
  const stamps = Float32Array.from({ length: n * pixels ** 2 }, (_, i) => {
    const [y, x] = [Math.floor(i / pixels) % pixels, i % pixels].map((at) => (at - (pixels - 1) / 2) / 3);
    return 2 * Math.exp(-0.5 * (x * x + y * y)) + 0.01 * Math.sin(i);
  });
  const bytes = encodeNpy(stamps, [n, pixels, pixels]);
  writeFileSync(images, bytes);
  stamps[7] += 0.001;
  writeFileSync(other, encodeNpy(stamps, [n, pixels, pixels]));
  const flags = [
    '--cpu',
    '--preset',
    'quick',
    '--images',
    images,
    '--warmup',
    '8',
    '--draws',
    '8',
    '--batch-size',
    '1',
  ];
  const whole = await cli(['run', ...flags, '--output-dir', join(scratch, 'stamps-whole')], false, shearWorkload);
  expect(whole.code).toBe(0);
  const cut = join(scratch, 'stamps-cut');
  expect((await cli(['run', ...flags, '--output-dir', cut], true, shearWorkload)).code).toBe(130);
  const had = chunksIn(cut).length;
  expect(had).toBe(4);
  const resumed = (folder: string, ...more: string[]) =>
    cli(['run', '--resume', folder, ...more], false, shearWorkload);

  const before = readdirSync(cut, { recursive: true }).sort();
  const refused = await resumed(cut, '--images', other);
  expect(refused.err).toMatch(/--images: this run began with stamps\.npy \(sha256:\w+\), not with others\.npy/);
  expect(refused.code).toBe(2);
  expect(readdirSync(cut, { recursive: true }).sort()).toEqual(before);

  const copy = join(scratch, 'stamps-copy');
  cpSync(cut, copy, { recursive: true });
  const given = await resumed(copy, '--images', images);
  expect(given.err).toMatch(new RegExp(`\\b${had} \\w+ are finished already`));
  expect(given).toMatchObject({ code: 0, result: whole.result });
  // Without the flag the file is read from where it was, and must be as it was.
  cpSync(other, images);
  expect((await resumed(cut)).err).toMatch(/--images: this run began with stamps\.npy/);
  writeFileSync(images, bytes);
  expect(await resumed(cut)).toMatchObject({ code: 0, result: whole.result });
});

test('a folder without an unfinished run says so', async () => {
  const empty = join(scratch, 'empty');
  mkdirSync(empty, { recursive: true });
  const { code, err } = await resume(empty);
  expect(code).toBe(2);
  expect(err).toContain('holds no unfinished run');
  mkdirSync(join(empty, '.checkpoint'));
  writeFileSync(join(empty, '.checkpoint', 'lock.json'), '{}');
  expect((await resume(empty)).err).toContain('ended before it had begun');
  expect((await cli(['run', ...FLAGS, '--output-dir', empty])).result).toBe(uninterrupted);
});
