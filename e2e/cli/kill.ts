/** Runs of the command line that are killed with SIGKILL at given moments, and what must be left of them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { root } from '../../scripts/locate.mjs';
import { lockstepOk } from './lockstep.ts';

/** A run of `ITEMS` items, one a chunk. */
export interface Killable {
  /** Without the folder that it writes to. */
  readonly args: readonly string[];
  readonly itemName: { readonly one: string; readonly many: string };
}

export const ITEMS = 24;
const PROBLEM = ['--preset', 'quick', '--shear-grid', '0.01', '--n-realizations', `${ITEMS}`, '--base-seed', '7'];
/** The twin needs no adapter and starts at once: most of the run is chunks and writing, which is where kills should fall. */
export const RUN: Killable = {
  args: ['run', '--cpu', ...PROBLEM, '--warmup', '8', '--draws', '24', '--batch-size', '1', '--quiet'],
  itemName: { one: 'realization', many: 'realizations' },
};
/** Of the generator below: the moments are the same every time. */
const SEED = 20261121;
const KILLS = 10;
/** A run may end before the kill comes where this process is given no time; it is begun again, not for ever. */
const MOST_TRIES = 20;

const script = join(root, 'dist-cli/lockstep.mjs');

/** Runs to the end in `folder`, and returns the id of the result that every other run must have. */
export async function wholeRun(folder: string, { args } = RUN): Promise<string> {
  // The launcher builds it where that is needed.
  await lockstepOk('presets');
  const { code, stdout } = await started([...args, '--output-dir', folder]).ended;
  expect(code).toBe(0);
  expect(resultIn(stdout)).toMatch(/^sha256:[0-9a-f]{64}$/);
  return resultIn(stdout)!;
}

/** The command line itself, without the launcher in between: the signal must end the process that computes. */
export function started(args: readonly string[]) {
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

export const resultIn = (text: string) => /^result (sha256:\w+)$/m.exec(text)?.[1];

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

export interface Moment {
  /** Files of finished items after the process began. */
  readonly chunks: number;
  /** A moment after the last of them that has nothing to do with files, ms. */
  readonly momentMs: number;
}

/** Runs and kills. False where the process had ended by itself. */
export async function killedAt(
  { chunks, momentMs }: Moment,
  folder: string,
  args: readonly string[],
): Promise<boolean> {
  const { child, ended } = started(args);
  const before = chunksIn(folder) ?? 0;
  while (child.exitCode === null && (chunksIn(folder) ?? -1) < before + chunks) await sleep(1);
  await sleep(momentMs);
  child.kill('SIGKILL');
  return (await ended).code === null;
}

/** Kills a fresh run at a moment, resumes it, and expects the result of the undisturbed one. Tries again where the kill came too late. */
export async function expectSurvival(
  moment: Moment,
  scratch: string,
  resultId: string,
  { args, itemName: { one, many } } = RUN,
): Promise<void> {
  let folder = '';
  let killed = false;
  for (let attempt = 0; attempt < MOST_TRIES && !killed; attempt++) {
    folder = join(scratch, `killed-${moment.chunks}-${moment.momentMs}-${attempt}`);
    killed = await killedAt(moment, folder, [...args, '--output-dir', folder]);
  }
  expect(killed, `killed in time, in one of ${MOST_TRIES} tries`).toBe(true);
  // None where the moment fell between the last file and the end of the process.
  const kept = chunksIn(folder);
  if (kept !== undefined) expect(kept).toBeGreaterThanOrEqual(moment.chunks);
  const { code, stdout, stderr } = await started(['run', '--resume', folder]).ended;
  expect(resultIn(stdout), stderr).toBe(resultId);
  expect(code).toBe(0);
  if (kept) expect(stderr).toMatch(new RegExp(`\\b${kept} (${one} is|${many} are) finished already`));
  expectComplete(folder);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Moments all over a run, early ones and late ones. */
export const moments: readonly Moment[] = (() => {
  const random = uniforms(SEED);
  const draw = (below: number) => Math.floor(below * random.next().value);
  return Array.from({ length: KILLS }, () => ({ chunks: draw(ITEMS - 6), momentMs: draw(50) }));
})();

/** Every file of the manifest is there, no half-written one is left, and the checkpoint is gone. */
export function expectComplete(folder: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => file.endsWith('.partial') || file.startsWith('.checkpoint'))).toEqual([]);
  const { files: listed } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  for (const { path, bytes } of listed) expect(readFileSync(join(folder, path)), path).toHaveLength(bytes);
}
