/** What `npm test` makes of what the tools tell it. */
import { expect, test } from 'vitest';
import { parseOptions } from './options.mjs';
import { clock, StageProgress } from './progress.mjs';

function stage() {
  const lines: string[] = [];
  let ms = 0;
  const progress = new StageProgress(
    (line: string) => lines.push(line),
    () => ms,
  );
  const ended = (file: string, name: string, state: string, errors: string[] = []) =>
    progress.receive({ type: 'ended', file, name, state, ms: 100, errors });
  return {
    lines,
    progress,
    ended,
    at: (time: number) => {
      ms = time;
    },
  };
}

test('a file is one line with the time since the start; what failed is named with its reason', () => {
  const { lines, progress, ended, at } = stage();
  progress.receive({ type: 'planned', files: [{ file: 'a.test.ts' }] });
  ended('a.test.ts', 'adds', 'passed');
  ended('a.test.ts', 'subtracts', 'failed', ['expected 1, got 2\nat a.test.ts:3']);
  at(247_000);
  progress.receive({ type: 'fileEnded', file: 'a.test.ts', ms: 1234, errors: [] });
  expect(lines).toEqual([
    '  0:00  1 file',
    '✗ a.test.ts › subtracts\n    expected 1, got 2\n    at a.test.ts:3',
    '  4:07  ✗ a.test.ts  1 passed, 1 failed, 1.2 s',
  ]);
  expect(progress.count).toEqual({ passed: 1, failed: 1 });
  expect(progress.notRun).toBeUndefined();
});

test('what was not run is said, and is no failure of its own', () => {
  const { progress, ended } = stage();
  progress.receive({
    type: 'planned',
    files: [{ file: 'a.spec.ts', tests: 3 }, { file: 'b.spec.ts', tests: 4 }, { file: 'c.test.ts' }],
  });
  ended('a.spec.ts', 'first', 'failed', ['no']);
  ended('a.spec.ts', 'second', 'not run');
  ended('a.spec.ts', 'third', 'not run');
  progress.receive({ type: 'fileEnded', file: 'a.spec.ts', ms: 1, errors: [] });
  expect(progress.count).toEqual({ passed: 0, failed: 1 });
  expect(progress.notRun).toBe('6 tests and what was left of 1 file (c.test.ts)');
});

test('a file that does not load, and an error outside of any test, are failures', () => {
  const { progress, lines } = stage();
  progress.receive({ type: 'fileEnded', file: 'a.test.ts', ms: 1, errors: ['no such module'] });
  progress.receive({ type: 'error', text: 'unhandled' });
  expect(progress.count).toEqual({ passed: 0, failed: 2 });
  expect(lines[0]).toContain('no such module');
});

test('what is under way is known by name: a hang is among it', () => {
  const { progress, ended } = stage();
  progress.receive({ type: 'began', file: 'a.test.ts', name: 'ends' });
  progress.receive({ type: 'began', file: 'b.test.ts', name: 'hangs' });
  ended('a.test.ts', 'ends', 'passed');
  expect(progress.under).toEqual(['b.test.ts › hangs']);
});

test('the flags: stages by name, the commit of --changed, how many slow tests', () => {
  const stages = ['unit', 'e2e'];
  expect(parseOptions(stages, [])).toEqual({ only: undefined, changed: undefined, slowest: 0 });
  expect(parseOptions(stages, ['--only', 'unit', '--only=e2e', '--slowest'])).toMatchObject({
    only: ['unit', 'e2e'],
    slowest: 20,
  });
  expect(parseOptions(stages, ['--changed']).changed).toBe('HEAD');
  expect(parseOptions(stages, ['--changed', 'main~2', '--slowest=5'])).toMatchObject({ changed: 'main~2', slowest: 5 });
  expect(() => parseOptions(stages, ['--only', 'units'])).toThrow('"units" is not a stage. Stages: unit, e2e.');
  expect(() => parseOptions(stages, ['--fast'])).toThrow('--fast');
  expect(() => parseOptions(stages, ['--slowest', 'many'])).toThrow('--slowest');
});

test('a time is minutes and seconds', () => {
  expect([0, 59_999, 60_000, 3_725_000].map(clock)).toEqual(['0:00', '0:59', '1:00', '62:05']);
});
