/** A run that read in a folder goes on with that folder alone, from the path that it was given by. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gaussianWorkload } from '../engine/test-support/gaussian.ts';
import type { FileRole } from '../workloads/file-role.ts';
import { bookFiles, bookRole } from '../workloads/test-support/folder-role.ts';
import { runCli } from './program.ts';
import { atChunk } from './test-support/at-chunk.ts';

const workload = { ...gaussianWorkload(), files: [bookRole as unknown as FileRole] };
const FLAGS = ['--cpu', '--means', '0', '1', '2', '--draws', '60', '--batch-size', '1'];

let scratch: string;
let book: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-folder-resume-'));
  book = join(scratch, 'moby');
  mkdirSync(book);
  for (const [name, bytes] of Object.entries(bookFiles(2, 100))) writeFileSync(join(book, name), bytes);
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** With `interrupt` it is interrupted as the second chunk begins. */
async function cli(args: readonly string[], interrupt = false) {
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
  const registry = [interrupt ? atChunk(workload, 2, () => stop()) : workload];
  const code = await runCli(args, { registry, io, version: '1.2.3' });
  return { code, ...text, result: /result (sha256:\w+)/.exec(text.out)?.[1] };
}

/** The same length and another byte, written later. */
function change(name: string, by: number): void {
  const path = join(book, name);
  const bytes = readFileSync(path);
  bytes[0] ^= by;
  writeFileSync(path, bytes);
  const later = new Date(Date.now() + 10_000 * by);
  utimesSync(path, later, later);
}

test('another folder at that path is refused, and nothing finished is lost', async () => {
  const whole = await cli(['run', ...FLAGS, '--book', book, '--output-dir', join(scratch, 'whole')]);
  expect(whole).toMatchObject({ code: 0 });
  expect(JSON.parse(readFileSync(join(scratch, 'whole/run.json'), 'utf8')).ran.book).toMatchObject({
    name: 'moby',
    folder: [{ name: '0.page', bytes: 100 }, { name: '1.page', bytes: 100 }, { name: 'index.json' }],
  });
  expect(readFileSync(join(scratch, 'whole/reproduce.sh'), 'utf8')).toContain('Put the folder "\'moby\'"');
  const output = join(scratch, 'left');
  expect((await cli(['run', ...FLAGS, '--book', book, '--output-dir', output], true)).code).toBe(130);
  change('1.page', 1);
  const refused = await cli(['run', '--resume', output]);
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(/--book: this run began with moby \(sha256:\w+\), not with moby/);
  change('1.page', 1);
  const restored = await cli(['run', '--resume', output]);
  expect(restored).toMatchObject({ code: 0, result: whole.result });
});
