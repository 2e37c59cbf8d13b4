import { expect, type Page, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { openLockstep, openPart, openTab, runToEnd, screenshot } from './lockstep-page.ts';
import { inEveryLook, overflow } from './looks.ts';

/** Two small runs of one profile: looked at, kept, brought back after a reload, compared, deleted. */
test.describe.configure({ mode: 'serial' });

/** Few draws: enough for effective sizes and Monte Carlo errors to be told. */
const problem = { preset: 'quick', draws: '80', warmup: '16', rescue: 'false' };

let page: Page;
const problems: string[] = [];

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await openLockstep(page, problem);
  await runToEnd(page);
});

test.afterAll(() => page.close());

/** What the results say, to be the same after a reload. */
const tableText = () => page.getByTestId('results-table').textContent();
let before: string | null;
let picked: string;

test('a cell of the grid opens its posterior, by keyboard and by click', async () => {
  await openTab(page, 'Results');
  await openPart(page, 'Verdicts');
  const grid = page.getByTestId('verdict-grid');
  const rows = page.getByTestId('results-table').locator('tbody tr');
  await expect(rows.first()).toBeVisible();
  const items = await rows.count();
  await expect(page.getByTestId('verdict-legend')).toContainText(/\d+ converged/);
  await expect(grid.getByRole('option')).toHaveAttribute('aria-setsize', String(items));

  await grid.focus();
  await page.keyboard.press('End');
  await expect(grid.getByRole('option')).toHaveAttribute('aria-posinset', String(items));
  picked = (await page.getByTestId('verdict-told').textContent())!.split(':')[0];
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('selected-item')).toContainText(`Posterior of ${picked}`);

  await grid.locator('canvas').click({ position: { x: 5, y: 5 } });
  const first = (await page.getByTestId('verdict-told').textContent())!.split(':')[0];
  expect(first).not.toBe(picked);
  await expect(page.getByTestId('selected-item')).toContainText(`Posterior of ${first}`);
  before = await tableText();
});

test('every check stands beside SHINE’s, and the ranks beside the trace', async () => {
  for (const part of ['Checks', 'Rank plots']) await openPart(page, part);
  const checks = page.getByTestId('checks-table').locator('tbody tr');
  await expect(checks).toHaveCount(5);
  await expect(checks.first()).toContainText(/R̂.*(pass|fail).*< 1\.01.*(pass|fail).*≤ 1\.05/);
  await expect(checks.nth(2), 'SHINE has no tail ESS').toContainText(/ESS tail.*–$/);
  await expect(page.getByRole('img', { name: /Rank histograms of g1, 4 chains/ })).toBeVisible();
  await page.getByTestId('checks-table').scrollIntoViewIfNeeded();
  await screenshot(page, 'diagnostics');
});

test('a finished run comes back after a reload, without computing', async () => {
  await openTab(page, 'History');
  await expect(page.getByTestId('history-table').locator('tbody tr')).toHaveCount(1);
  await openLockstep(page);
  await openTab(page, 'History');
  const row = page.getByTestId('history-table').locator('tbody tr');
  await expect(row).toContainText(/quick · seed 42.*finished.*(KiB|MiB)/);
  await row.getByRole('button', { name: /^Open/ }).click();
  await expect(page.getByTestId('opened-run')).toContainText('from the history');
  expect(await tableText()).toBe(before);
  await expect(page.getByTestId('selected-item').getByRole('img', { name: /^Posterior of g1/ })).toBeVisible();
  await expect(page.getByTestId('export')).toBeDisabled();
  expect(page.url()).toContain('preset=quick');
});

test('the same run again is equal to the bit', async () => {
  await page.getByTestId('run').click();
  await expect(page.getByTestId('opened-run')).toHaveCount(0);
  await expect(page.getByTestId('status')).toHaveText('done', { timeout: WORK_MS });
  await openTab(page, 'History');
  await expect(page.getByTestId('history-table').locator('tbody tr')).toHaveCount(2);
  await page.getByTestId('compare-with').selectOption({ index: 1 });
  await expect(page.getByTestId('compare-lead')).toContainText('equal to the bit');
  await expect(page.getByTestId('overlay').getByRole('img', { name: /^Posterior of g1 in both runs/ })).toBeVisible();
  await expect(page.getByTestId('compare-figures')).toContainText('Gradients per second');
  await expect(page.getByTestId('differences-table').locator('tbody tr').first()).toBeVisible();
});

test('a run with another number of draws differs by Monte Carlo error only', async () => {
  await openLockstep(page, { ...problem, draws: '60' });
  await runToEnd(page);
  await openTab(page, 'History');
  await expect(page.getByTestId('history-table').locator('tbody tr')).toHaveCount(3);
  await page.getByTestId('compare-with').selectOption({ index: 1 });
  await expect(page.getByTestId('compare-lead')).toContainText('MCSE root mean square');
  const table = page.getByTestId('differences-table').locator('tbody tr');
  const sizes = await table.locator('td:nth-child(5)').allTextContents();
  const numbers = sizes.map((text) => Math.abs(Number(text.replace('−', '-'))));
  expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  expect(numbers[0]).toBeLessThan(6);
  await table.last().getByRole('button').click();
  await expect(page.getByTestId('overlay').getByRole('img').first()).toBeVisible();
});

test('axe finds nothing in the history, in both schemes and at two widths', async () => {
  await inEveryLook(page, async (look) => {
    await screenshot(page, `history-${look}`);
    await expectNoViolations(page, `History, ${look}`);
    expect(await overflow(page), `wider than the window, ${look}`).toBeLessThanOrEqual(0);
  });
});

test('a run is deleted, and all of them, and nothing is left behind', async () => {
  const rows = page.getByTestId('history-table').locator('tbody tr');
  const inLast = (name: RegExp) => rows.last().getByRole('button', { name });
  await inLast(/^Delete/).dblclick();
  await expect(inLast(/^Delete it/), 'a double click only asks').toBeVisible();
  await inLast(/^Keep/).click();
  await expect(rows).toHaveCount(3);
  await inLast(/^Delete/).click();
  await inLast(/^Delete it/).click();
  await expect(rows).toHaveCount(2);
  await page.getByTestId('history-clear').click();
  await expect(page.getByTestId('history-clear-confirm')).toHaveText('Delete 2');
  await page.getByTestId('history-clear-confirm').click();
  await expect(page.getByTestId('history-table')).toHaveCount(0);
  const left = await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('history');
    const names: string[] = [];
    for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
    return names;
  });
  expect(left).toEqual([]);
  await openTab(page, 'Results');
  await expect(page.getByTestId('results-table').locator('tbody tr').first(), 'the page keeps its run').toBeVisible();
});

test('where the browser keeps no files the history says so, and runs go on as ever', async ({ browser }) => {
  const other = await browser.newPage();
  try {
    // As in browsers without the interface; the worker of the page has its own copy, so it is taken away there too.
    await other.route('**/engine.worker-*.js', async (route) => {
      const response = await route.fetch();
      const body = `Reflect.deleteProperty(StorageManager.prototype, 'getDirectory');${await response.text()}`;
      await route.fulfill({ response, body });
    });
    await openLockstep(other, { preset: 'quick' });
    await openTab(other, 'History');
    await expect(other.getByText('runs are not kept')).toBeVisible();
  } finally {
    await other.close();
  }
});

test('the browser reported no error all along', () => {
  expect(problems).toEqual([]);
});
