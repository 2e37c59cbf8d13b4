/**
 * Two experiments that nothing names, one of posteriors and one of tables, from the command line: on an adapter and without one, killed and gone
 * on with, files that Python reads.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPython } from '../../scripts/locate.mjs';
import { FOREIGN_WORDS } from '../../tests/toys/foreign-words.ts';
import { engines, readPosteriors } from '../posteriors.ts';
import { expectComplete, expectSurvival, ITEMS, type Killable, moments, resultIn, started, wholeRun } from './kill.ts';
import { type Ended, lockstep, lockstepOk } from './lockstep.ts';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-toys-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

interface Toy extends Killable {
  readonly id: string;
  /** Flags of a small run. */
  readonly few: readonly string[];
  readonly runIds: readonly string[];
  readonly rate: RegExp;
}

const toys: readonly Toy[] = [
  {
    id: 'banana',
    few: ['--bananas', '3', '--draws', '200'],
    runIds: ['banana_1_s42', 'banana_2_s42', 'banana_3_s42'],
    args: ['run', '--workload', 'banana', '--bananas', `${ITEMS}`, '--draws', '40', '--batch-size', '1', '--quiet'],
    itemName: { one: 'banana', many: 'bananas' },
    rate: /items\/s, \S+ gradients\/s, \S+ ESS\/s$/m,
  },
  {
    id: 'tally',
    few: ['--tables', '3', '--throws', '3600'],
    runIds: ['table_1_s42', 'table_2_s42', 'table_3_s42'],
    args: ['run', '--workload', 'tally', '--tables', `${ITEMS}`, '--throws', '20000', '--batch-size', '1', '--quiet'],
    itemName: { one: 'table', many: 'tables' },
    rate: /items\/s, \S+ throws\/s$/m,
  },
];

describe.each(toys.map((toy) => [toy.id, toy] as const))('%s', (id, toy) => {
  const { few, runIds } = toy;
  const folder = (name: string) => join(scratch, `${id}-${name}`);
  const run = (name: string, ...more: string[]) =>
    lockstepOk('run', '--workload', id, ...few, ...more, '--output-dir', folder(name));
  let ended: Ended;
  beforeAll(async () => {
    ended = await run('whole');
  });

  test('runs, says what came out, and speaks of no other experiment', () => {
    for (const runId of runIds) expect(ended.stdout).toMatch(new RegExp(`^${runId} `, 'm'));
    expect(ended.stdout).toMatch(/^3 of 3 |: 3 of 3$/m);
    expect(ended.stdout + ended.stderr).toMatch(toy.rate);
    expect(ended.stdout + ended.stderr).not.toMatch(FOREIGN_WORDS);
    expectComplete(folder('whole'));
    const files = readdirSync(folder('whole'), { recursive: true, encoding: 'utf8' });
    for (const file of ['README.md', 'run.json', 'items.json', 'summary.csv', 'shaders', 'reproduce.sh'])
      expect(files).toContain(file);
    for (const file of files.filter((name) => /\.(md|json|csv|py|sh)$/.test(name)))
      expect(readFileSync(join(folder('whole'), file), 'utf8'), file).not.toMatch(FOREIGN_WORDS);
  });

  test('comes to the same result with another batch size, and from its own run.json', async () => {
    const split = await run('split', '--batch-size', '2');
    expect(resultIn(split.stdout)).toBe(resultIn(ended.stdout));
    const config = ['--config', join(folder('whole'), 'run.json'), '--output-dir', folder('again')];
    expect(resultIn((await lockstepOk('run', ...config)).stdout)).toBe(resultIn(ended.stdout));
  });

  test('killed in the middle, on an adapter and without one, it goes on to the same result', async () => {
    const middle = moments.find(({ chunks }) => chunks > ITEMS / 4 && chunks < ITEMS / 2)!;
    for (const more of [[], ['--cpu']]) {
      const subject = { ...toy, args: [...toy.args, ...more] };
      const resultId = await wholeRun(folder(`killable${more}`), subject);
      await expectSurvival(middle, folder(`killed${more}`), resultId, subject);
    }
  });

  test('help has its flags and its words, and another experiment’s help names it not', async () => {
    const own = await lockstep('run', '--workload', id, '--help');
    expect(own.stdout).toContain(few[0]);
    expect((await lockstep('run', '--help')).stdout).not.toContain(id);
  });
});

test('Python reads the draws of a banana', () => {
  for (const engine of engines) {
    const read = readPosteriors(join(scratch, 'banana-whole'), engine);
    expect(Object.keys(read)).toEqual(toys[0].runIds);
    for (const { posterior, sample_stats } of Object.values(read)) {
      for (const name of ['x', 'y'])
        expect(posterior[name], engine).toMatchObject({ dims: ['chain', 'draw'], shape: [4, 200], finite: true });
      expect(sample_stats.lp.shape).toEqual([4, 200]);
      // Twice the width, which is 2, at most: the draws are those of this Gaussian.
      expect(Math.abs(posterior.x.sd - 2)).toBeLessThan(0.5);
    }
  }
  const table = execFileSync(findPython()!, [join(scratch, 'banana-whole/load.py')], { encoding: 'utf8' });
  for (const runId of toys[0].runIds) expect(table).toContain(runId);
});

/** Reads `throws` of every table and prints it with its dimensions. */
const READ_COUNTS = `
import glob, json, sys, xarray
found = {}
for path in sorted(glob.glob("*/arrays.nc")):
    with xarray.open_dataset(path, group="counts", engine=sys.argv[1]) as counts:
        throws = counts["throws"]
        found[path] = {"dims": list(throws.dims), "dtype": str(throws.dtype), "values": throws.values.tolist()}
print(json.dumps(found))
`;

test('Python reads the counts of a table, and they add up to the table of the run', () => {
  const at = join(scratch, 'tally-whole');
  const total = readFileSync(join(at, 'counts.csv'), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(',').slice(1).map(Number));
  expect(total.flat().reduce((sum, count) => sum + count, 0)).toBe(3 * 3600);
  for (const engine of engines) {
    const text = execFileSync(findPython()!, ['-c', READ_COUNTS, engine], { cwd: at, encoding: 'utf8' });
    const read: { dims: string[]; dtype: string; values: number[][] }[] = Object.values(JSON.parse(text));
    expect(read).toHaveLength(3);
    for (const { dims, dtype } of read) expect([...dims, dtype]).toEqual(['first', 'second', 'int32']);
    expect(total.map((row, i) => row.map((_, j) => read.reduce((sum, { values }) => sum + values[i][j], 0)))).toEqual(
      total,
    );
  }
});

test('the table of the run stands on the terminal, with and without an adapter', async () => {
  const twin = await lockstepOk(
    ...['run', '--workload', 'tally', '--cpu', ...toys[1].few],
    '--output-dir',
    join(scratch, 'twin'),
  );
  expect(existsSync(join(scratch, 'twin/shaders'))).toBe(false);
  const { stdout } = await started(['run', '--workload', 'tally', ...toys[1].few, '--output-dir', join(scratch, 'gpu')])
    .ended;
  const tableOf = (text: string) => /^Counts of all tables:\n(.+\n){7}/m.exec(text)?.[0];
  expect(tableOf(stdout)).toMatch(/^first die +second 1 +second 2 .*second 6$/m);
  // Whole numbers: the device counts as its twin does.
  expect(tableOf(twin.stdout)).toBe(tableOf(stdout));
});
