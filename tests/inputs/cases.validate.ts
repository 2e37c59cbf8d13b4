/** The same files through the built command line, each in a process of its own: what it takes to read or refuse them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { machine } from '../../bench/lib/machine.ts';
import { figure, table, writeResults } from '../../bench/lib/table.ts';
import { ensureCommandLine } from '../../scripts/build.mjs';
import { cases } from './cases.ts';

/** Processor time of a refusal, and memory of anything, that is allowed. */
const MOST_SECONDS = 2;
const MOST_MIB = 500;

interface Measured {
  readonly code: number;
  readonly text: string;
  /** User and system, of all threads. */
  readonly seconds: number;
  readonly peakMiB: number;
}
const results: (Omit<Measured, 'text'> & { readonly name: string; readonly message: string })[] = [];

let scratch: string;
let script: string;
let idle: Measured;
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-inputs-'));
  writeFileSync(
    join(scratch, 'usage.mjs'),
    `import { writeFileSync } from 'node:fs'; import { isMainThread } from 'node:worker_threads';
    if (isMainThread) process.on('exit', () => writeFileSync(process.env.USAGE, JSON.stringify(process.resourceUsage())));`,
  );
  script = await ensureCommandLine();
  idle = run(['--version']);
});
afterAll(() => {
  rmSync(scratch, { recursive: true });
  if (results.length === cases.length) writeResults('inputs', written(), results);
});

function run(args: readonly string[]): Measured {
  const usage = join(scratch, 'usage.json');
  const env = { ...process.env, USAGE: usage };
  const command = ['--import', join(scratch, 'usage.mjs'), script, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { env, encoding: 'utf8' });
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(usage, 'utf8'));
  return {
    ...{ code: status ?? -1, text: stderr + stdout },
    ...{ seconds: (userCPUTime + systemCPUTime) / 1e6, peakMiB: maxRSS / 1024 },
  };
}

function written(): string {
  const { cpu, date, commit } = machine();
  const rows = results.map(({ name, code, seconds, peakMiB, message }) => [
    name,
    ...[String(code), figure(Math.max(0, seconds - idle.seconds)), figure(peakMiB)],
    message.replaceAll('|', '\\|'),
  ]);
  return `# Small inputs that people have, and hostile ones

Written by \`npm run validate\` (tests/inputs), which makes every file itself and gives it to the built command line, a process each. Seconds: processor
time, user and system of all threads, beyond the ${figure(idle.seconds)} s that the program takes to say its version; where the exit code is 0 the run is in it. Memory: the
largest of the process, which has ${figure(idle.peakMiB)} MiB without any file. ${cpu}, ${date}, commit ${commit}. \`npm test\` holds codes and words on every change.

${table(['input', 'exit', 'seconds', 'MiB', 'says'], rows)}
`;
}

test.each(cases)('$name', async ({ name, args, code, says }) => {
  const folder = join(scratch, String(results.length));
  mkdirSync(folder);
  const measured = run(await args(folder));
  const { text, ...figures } = measured;
  // A run on Node may tell of drivers first; what is told of the case is the first line that the rule is about.
  const found = says.exec(text);
  const line = found ? text.slice(text.lastIndexOf('\n', found.index) + 1).split('\n')[0] : '';
  results.push({ name, ...figures, message: line.replaceAll(`${folder}/`, '') });
  expect(text).toMatch(says);
  expect(measured.code).toBe(code);
  expect(measured.seconds - idle.seconds).toBeLessThan(MOST_SECONDS);
  expect(measured.peakMiB).toBeLessThan(MOST_MIB);
});
