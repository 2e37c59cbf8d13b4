/** The command line killed with SIGKILL, and gone on with until nothing is left. Ten moments: resume.validate.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectComplete, expectSurvival, killedAt, moments, RUN, resultIn, started, wholeRun } from './kill.ts';

let scratch: string;
let resultId: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-kill-'));
  resultId = await wholeRun(join(scratch, 'whole'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const byChunks = moments.toSorted((a, b) => a.chunks - b.chunks);

test.each([
  ['early', byChunks[0]],
  ['late', byChunks.at(-1)!],
])('killed %s, it goes on to the same result: %o', (_, moment) => expectSurvival(moment, scratch, resultId));

test('killed three times in a row, the resumed runs too, it gets through', async () => {
  const folder = join(scratch, 'again');
  let args = [...RUN.args, '--output-dir', folder];
  let kills = 0;
  // A run that was given too little time to be killed in has ended with everything: what follows holds for it as well.
  while (kills < 3 && (await killedAt({ chunks: 3, momentMs: 7 * kills }, folder, args))) {
    kills++;
    args = ['run', '--resume', folder, '--quiet'];
  }
  expect(kills).toBeGreaterThan(0);
  if (kills === 3) {
    const { stdout, stderr } = await started(args).ended;
    expect(resultIn(stdout), stderr).toBe(resultId);
  }
  expectComplete(folder);
});
