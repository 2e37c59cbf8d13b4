import { expect, test } from 'playwright/test';
import { watchPhases } from './frames.ts';

const ITEMS = 256;
/** Processor time, ms: a machine of two cores at about 3 GHz keeps it. */
const LONGEST_MS = 100;

test('no task of the page takes 100 ms in a tuning, a run of 256 realizations, its results and an export', ({
  page,
  browser,
}) =>
  watchPhases(browser, page, ITEMS, (phase, { tasks: [longest] }) => {
    expect(longest.cpuMs, `longest task during ${phase}: ${longest.parts}`).toBeLessThanOrEqual(LONGEST_MS);
  }));
