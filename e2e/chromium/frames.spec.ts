import { expect, test } from 'playwright/test';
import { watchPhases } from './frames.ts';

/** Enough for a table of results with a second page. */
const ITEMS = 64;
/**
 * No task of the page's thread may need more processor time than so many units of a fixed piece of work, timed on the same thread in the
 * same run, whatever the machine: what is pressed meanwhile would wait for it. A unit is 20 ms on two cores at about 3 GHz, where the bound is
 * 100 ms; that one is held in frames.validate.ts.
 */
const MOST_UNITS = 5;

test('the page stays responsive through a tuning, a run, its results and an export', ({ page, browser }) =>
  watchPhases(browser, page, ITEMS, (phase, { tasks: [longest], unitMs }) => {
    expect(longest.cpuMs / unitMs, `longest task during ${phase}: ${longest.parts}`).toBeLessThanOrEqual(MOST_UNITS);
  }));
