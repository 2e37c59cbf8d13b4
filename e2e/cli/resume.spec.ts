/** The command line killed with SIGKILL at random moments, and gone on with until nothing is left. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/locate.mjs';
import { lockstepOk } from './lockstep.ts';

const ITEMS = 24;
const PROBLEM = ['--preset', 'quick', '--shear-grid', '0.01', '--n-realizations', `${ITEMS}`, '--base-seed', '7'];
/** The twin needs no adapter and starts at once: most of the run is chunks and writing, which is where kills should fall. */
const RUN = ['run', '--cpu', ...PROBLEM, '--warmup', '8', '--draws', '24', '--batch-size', '1', '--quiet'];
/** Of the generator below: the ten moments are the same every time. */
const SEED = 20261121;
const KILLS = 10;

const script = join(root, 'dist-cli/lockstep.mjs');
let scratch: string;
let resultId: string;

beforeAll(async () => {
  // The launcher builds it where that is needed.
  await lockstepOk('presets');
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-kill-'));
  const { code, stdout } = await started([...RUN, '--output-dir', join(scratch, 'whole')]).ended;
  resultId = resultIn(stdout)!;
  expect(code).toBe(0);
  expect(resultId).toMatch(/^sha256:[0-9a-f]{64}$/);
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** The command line itself, without the launcher in between: the signal must end the process that computes. */
function started(args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const key of ['stdout', 'stderr'] as const) {
    child[key]!.on('data', (chunk) => {
      text[key] += chunk;
    });
  }
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
  return { child, ended };
}

const resultIn = (text: string) => /^result (sha256:\w+)$/m.exec(text)?.[1];

/** Uniform in [0, 1): Park and Miller's minimal generator. */
function* uniforms(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48271) % 2147483647;
    yield state / 2147483647;
  }
}

/** Chunks of the checkpoint; undefined where there is none. */
function chunksIn(folder: string): number | undefined {
  const path = join(folder, '.checkpoint');
  return existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.lockstep')).length - 1 : undefined;
}

/**
 * Runs and kills: `chunks` files of finished items after the process began, and a moment that has nothing to do with files.
 * False where the process had ended by itself.
 */
async function killedAt(chunks: number, momentMs: number, folder: string, args: readonly string[]): Promise<boolean> {
  const { child, ended } = started(args);
  const before = chunksIn(folder) ?? 0;
  while (child.exitCode === null && (chunksIn(folder) ?? -1) < before + chunks) await sleep(1);
  await sleep(momentMs);
  child.kill('SIGKILL');
  return (await ended).code === null;
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const moments = (() => {
  const random = uniforms(SEED);
  const draw = (below: number) => Math.floor(below * random.next().value);
  return Array.from({ length: KILLS }, () => ({ chunks: draw(ITEMS - 6), momentMs: draw(50) }));
})();

test.each(moments)('killed $momentMs ms after chunk $chunks, it goes on to the same result', async (moment) => {
  const folder = join(scratch, `killed-${moment.chunks}-${moment.momentMs}`);
  const { chunks, momentMs } = moment;
  expect(await killedAt(chunks, momentMs, folder, [...RUN, '--output-dir', folder]), 'killed in time').toBe(true);
  // None where the moment fell between the last file and the end of the process.
  const kept = chunksIn(folder);
  if (kept !== undefined) expect(kept).toBeGreaterThanOrEqual(chunks);
  const { code, stdout, stderr } = await started(['run', '--resume', folder]).ended;
  expect(resultIn(stdout), stderr).toBe(resultId);
  expect(code).toBe(0);
  if (kept) expect(stderr).toMatch(new RegExp(`\\b${kept} realizations? (is|are) finished already`));
  expectComplete(folder);
});

test('killed five times in a row, the resumed runs too, it gets through', async () => {
  const folder = join(scratch, 'again');
  let args = [...RUN, '--output-dir', folder];
  for (let kill = 0; kill < 5; kill++) {
    expect(await killedAt(3, 7 * kill, folder, args), `kill ${kill}`).toBe(true);
    args = ['run', '--resume', folder, '--quiet'];
  }
  const { stdout, stderr } = await started(args).ended;
  expect(resultIn(stdout), stderr).toBe(resultId);
  expectComplete(folder);
});

/** Every file of the manifest is there, no half-written one is left, and the checkpoint is gone. */
function expectComplete(folder: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => file.endsWith('.partial') || file.startsWith('.checkpoint'))).toEqual([]);
  const { files: listed } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  for (const { path, bytes } of listed) expect(readFileSync(join(folder, path)), path).toHaveLength(bytes);
}
