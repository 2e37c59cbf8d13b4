/** `run --extend`: more of what a finished run has computed, in its folder or another, to the result of one run of all. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsWorkload } from '../engine/test-support/rows.ts';
import type { Workload } from '../workloads/workload.ts';
import { runCli } from './program.ts';
import { atChunk } from './test-support/at-chunk.ts';

let scratch: string;
const results: Record<string, string | undefined> = {};

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-extend-'));
  for (const [name, metrics] of [
    ['two', ['0', '1']],
    ['one', ['1']],
    ['all', ['0', '1', '2']],
  ] as const) {
    const made = await cli(['run', '--cpu', '--metrics', ...metrics, '--output-dir', join(scratch, name)]);
    expect(made).toMatchObject({ code: 0 });
    results[name] = made.result;
  }
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** With `interrupt` it is interrupted as that chunk begins. */
async function cli(args: readonly string[], interrupt?: number) {
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
  const rows = rowsWorkload();
  const workload = rows as unknown as Workload;
  const registry = [interrupt ? atChunk(workload, interrupt, () => stop()) : workload];
  const code = await runCli(args, { registry, io, version: '1.2.3' });
  return { code, ...text, rows: rows.counters.rows, result: /result (sha256:\w+)/.exec(text.out)?.[1] };
}

function copyOf(name: string): string {
  const folder = mkdtempSync(join(scratch, `${name}-`));
  cpSync(join(scratch, name), folder, { recursive: true });
  return folder;
}

const filesOf = (folder: string) => (readdirSync(folder, { recursive: true }) as string[]).sort();

test('in the folder itself: only the new metric is computed, and the folder is that of one run', async () => {
  const folder = copyOf('two');
  const { code, rows, result, err } = await cli(['run', '--extend', folder, '--cpu', '--metrics', '0', '1', '2']);
  expect(code).toBe(0);
  expect(err).toContain('2 metrics are finished already and kept; 1 to go.');
  expect(rows).toBe(28);
  expect(result).toBe(results.all);
  expect(filesOf(folder)).toEqual(filesOf(join(scratch, 'all')));
  // It is a finished run like any other.
  expect((await cli(['run', '--resume', folder])).out).toContain(`result ${results.all}`);
});

test('into another folder; the first stays as it was', async () => {
  const [from, to] = [copyOf('one'), join(scratch, 'other')];
  const before = readFileSync(join(from, 'manifest.json'), 'utf8');
  const args = ['run', '--extend', from, '--cpu', '--metrics', '0', '1', '2', '--output-dir', to];
  expect(await cli(args)).toMatchObject({ code: 0, rows: 20 + 28, result: results.all });
  expect(readFileSync(join(from, 'manifest.json'), 'utf8')).toBe(before);
});

test('cut short, it goes on with all that was there', async () => {
  const folder = copyOf('two');
  const cut = await cli(['run', '--extend', folder, '--cpu', '--metrics', '0', '1', '2'], 1);
  expect(cut.code).toBe(130);
  const rest = await cli(['run', '--resume', folder]);
  expect(rest).toMatchObject({ code: 0, rows: 28, result: results.all });
});

test.each([
  ['another parameter', ['--rows', '21'], /--extend: that run has another value of params\.rows/],
  ['a metric of the folder left out', ['--metrics', '1', '2'], /holds metric_0_0, which is not of this run: list it/],
])('%s is refused, and nothing is touched', async (_, flags, message) => {
  const folder = copyOf('two');
  const files = filesOf(folder);
  const refused = await cli(['run', '--extend', folder, '--cpu', ...flags]);
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(message);
  expect(filesOf(folder).filter((name) => !name.startsWith('.checkpoint'))).toEqual(files);
});

test('no finished run, or a damaged one', async () => {
  expect((await cli(['run', '--extend', scratch])).err).toContain('holds no finished run');
  const folder = copyOf('two');
  rmSync(join(folder, 'items.json'));
  const damaged = await cli(['run', '--extend', folder, '--cpu']);
  expect(damaged.err).toContain('items.json cannot be read');
  expect(existsSync(join(folder, 'manifest.json'))).toBe(true);
});
