/** What a reader does on the page, piece by piece, while its thread is watched. */
import { rmSync } from 'node:fs';
import { type Browser, expect, type Page } from 'playwright/test';
import { WORK_MS } from '../limits.ts';
import { exportBundle, openLockstep, openTab } from './lockstep-page.ts';
import { type Watched, watchMainThread } from './main-thread.ts';

/** Few enough realizations that the tuner's ladder has few rungs. */
const tuned = { preset: 'quick', realizations: '4', warmup: '8', draws: '8' };
/** Fewer tasks than this, and the trace did not see the page at work. */
const FEWEST_TASKS = 200;

interface Phase {
  readonly act: (page: Page) => Promise<void>;
  /** The state that the page is opened on first; else it is as the phase before left it. */
  readonly on?: Record<string, string>;
}

/** `items` realizations in 16 chunks, with few draws: the page sees as many results and chunks as in a long run. */
function phases(items: number): Readonly<Record<string, Phase>> {
  const problem = { preset: 'quick', shearGrid: '0.01,0.02', warmup: '8', draws: '16' };
  const sizes = { realizations: `${items / 2}`, batch: `${items / 16}` };
  return {
    tuning: { act: tuneBatch, on: tuned },
    'run with every tab that follows it': { act: runThroughTabs, on: { ...problem, ...sizes } },
    'results of the finished run': { act: lookAround },
    export: { act: (page) => exportAll(page, items) },
  };
}

/** Goes through all phases; `judge` is told what was seen in each. */
export async function watchPhases(
  browser: Browser,
  page: Page,
  items: number,
  judge: (phase: string, watched: Watched) => void,
): Promise<void> {
  for (const [name, { act, on }] of Object.entries(phases(items))) {
    if (on) await openLockstep(page, on);
    const watched = await watchMainThread(browser, page, () => act(page));
    console.log(`${name}: ${figures(watched)}`);
    expect(watched.tasks.length, `tasks seen during ${name}`).toBeGreaterThan(FEWEST_TASKS);
    judge(name, watched);
  }
}

async function tuneBatch(page: Page): Promise<void> {
  await openTab(page, 'Batch');
  await page.getByTestId('tune').click();
  await expect(page.getByTestId('tuning-sentence')).toBeVisible({ timeout: WORK_MS });
  await expect(page.getByTestId('comparison-table').locator('tbody tr')).not.toHaveCount(0);
}

async function runThroughTabs(page: Page): Promise<void> {
  const status = page.getByTestId('status');
  // A reader has one mouse: the run has begun before the first tab is pressed.
  await page.getByTestId('run').click();
  await expect(status).not.toHaveText('idle');
  for (let round = 0; !/done|failed/.test((await status.textContent()) ?? ''); round++) {
    await openTab(page, (['Live', 'Results', 'Memory'] as const)[round % 3]);
    // As long as a reader looks at the least, so that each tab takes news several times.
    await page.waitForTimeout(1000);
  }
  await expect(status).toHaveText('done');
}

async function lookAround(page: Page): Promise<void> {
  await openTab(page, 'Live');
  await openTab(page, 'Memory');
  await openTab(page, 'Results');
  await expect(page.getByTestId('bias-table').locator('tbody tr')).not.toHaveCount(0);
  await expect(page.getByTestId('selected-item')).toBeVisible();
  await page.getByTestId('results-table').locator('tbody tr').nth(20).click();
  await page.getByLabel('What the plot shows').getByText('Error').click();
  await page.getByRole('button', { name: 'Next' }).click();
}

async function exportAll(page: Page, items: number): Promise<void> {
  const { files, folder } = await exportBundle(page);
  rmSync(folder, { recursive: true });
  expect(files.filter((path) => path.endsWith('/posterior.nc'))).toHaveLength(items);
}

function figures({ tasks, unitMs, longTasksMs, lagMs }: Watched): string {
  const cpu = tasks.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  const wall = Math.max(...tasks.map(({ wallMs }) => wallMs));
  return `${tasks.length} tasks, ${(cpu / 1000).toFixed(2)} s of processor time; the longest ${tasks[0].cpuMs.toFixed(0)} ms, ${(tasks[0].cpuMs / unitMs).toFixed(1)} units of ${unitMs.toFixed(1)} ms (${tasks[0].parts}); by the clock ${wall.toFixed(0)} ms, ${longTasksMs.length} above 50 ms, a timer at most ${lagMs.toFixed(0)} ms late`;
}
