/** The command line killed with SIGKILL at ten moments. Three of them: resume.spec.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { expectSurvival, moments, wholeRun } from './kill.ts';

let scratch: string;
let resultId: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-kill-'));
  resultId = await wholeRun(join(scratch, 'whole'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

test.each(moments)('killed $momentMs ms after chunk $chunks, it goes on to the same result', (moment) =>
  expectSurvival(moment, scratch, resultId),
);
