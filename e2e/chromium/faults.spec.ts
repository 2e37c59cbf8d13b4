import { rmSync } from 'node:fs';
import { expect, type Page, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { exportBundle, openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';

/** Twelve small realizations, four at a time: what a run survives, asked for on the page. */
test.describe.configure({ mode: 'serial' });

const problem = { preset: 'quick', realizations: '4', warmup: '8', draws: '8', batch: '4' };

let page: Page;
/** Id of the result of a run that nothing disturbed. */
let undisturbed: string;
const problems: string[] = [];

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage({ acceptDownloads: true });
  page.on('pageerror', (error) => problems.push(error.message));
  await openLockstep(page, problem);
});

test.afterAll(() => page.close());

const banner = () => page.getByTestId('faults-banner');
const log = () => page.getByTestId('run-log-table').locator('tbody tr');

/** Switches off what is on and applies a fault: its field, and what goes into it. */
async function ask(fault: string, value?: string): Promise<void> {
  await page.getByRole('button', { name: 'Switch all off' }).click();
  await expect(banner()).toHaveCount(0);
  const field = page.getByTestId(`fault-${fault}`);
  if (value === undefined) await field.check();
  else await field.fill(value);
  await page.getByTestId('faults-apply').click();
  await expect(banner()).toContainText('Faults are on:');
}

async function exported(): Promise<{ id: string; run: { ran: { faults?: object } }; failures: string }> {
  const bundle = await exportBundle(page);
  try {
    const { result_id: id } = JSON.parse(bundle.text('manifest.json'));
    return { id, run: JSON.parse(bundle.text('run.json')), failures: bundle.text('failures.json') };
  } finally {
    rmSync(bundle.folder, { recursive: true });
  }
}

test('a run without faults has no run log and names none', async () => {
  await runToEnd(page);
  await expect(page.getByTestId('event-count')).toHaveCount(0);
  const { id, run } = await exported();
  undisturbed = id;
  expect(run.ran).not.toHaveProperty('faults');
});

test('the panel opens from Help; a lost device is asked for, opened again, and changes no result, all by keyboard', async () => {
  await page.getByRole('button', { name: 'Help and keyboard shortcuts' }).focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('help-faults').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('faults-panel')).toBeVisible();
  await page.getByTestId('fault-loseAfterSubmits').focus();
  await page.keyboard.type('20');
  await page.keyboard.press('Enter');
  await expect(banner()).toContainText('device lost after 20 submits');

  await page.getByTestId('run').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('status')).toHaveText('done', { timeout: 60_000 });
  await page.getByTestId('event-count').focus();
  await page.keyboard.press('Enter');
  await expect(log()).toContainText([/Device lost.*lost on demand/s, /Reopened/, /Retry/]);
  await expect(page.getByRole('region', { name: 'Events of this run' })).toBeFocused();
  const { id, run } = await exported();
  expect(id).toBe(undisturbed);
  expect(run.ran.faults).toEqual({ loseAfterSubmits: 20 });
});

test('out of memory halves the chunk until it fits, and changes no result', async () => {
  await ask('outOfMemoryAboveBytes', '0.025');
  await runToEnd(page);
  await expect(log()).toContainText([/Split.*out of memory.*4 → 2/s, /Split.*out of memory.*2 → 1/s]);
  await expect(page.locator('[data-tone=warning]'), 'one notice that counts').toHaveCount(1);
  await expect(page.locator('[data-tone=warning]')).toContainText('2 times by now');
  const { id, run, failures } = await exported();
  expect(id).toBe(undisturbed);
  expect(run).toMatchObject({
    batch: { size: 4 },
    ran: { faults: { outOfMemoryAboveBytes: Math.round(0.025 * 1024 ** 2) } },
  });
  expect(failures).toContain('split');
});

test('axe finds nothing on panel, banner and run log, and nothing is wider than the screen', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.getByTestId('run-log').scrollIntoViewIfNeeded();
      await screenshot(page, `faults-${width}-${colorScheme}`);
      await expectNoViolations(page, `faults, ${colorScheme}, ${width}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
        0,
      );
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('a pixel that is no number fails its item only', async () => {
  await ask('nanPixelItem', '2');
  await runToEnd(page);
  await openTab(page, 'Results');
  await expect(page.getByTestId('results-table').locator('tbody tr')).toHaveCount(11);
  await expect(log()).toHaveText([/Failed.*1 realization failed.*no finite number.*2–$/s]);
  await expect(page.getByTestId('error')).toContainText('no finite number');
});

test('a full storage is told once, and the run goes on', async () => {
  await ask('storageFull');
  await runToEnd(page);
  await expect(log()).toHaveText([/Storage.*storage for this page is full.*The run goes on/s]);
  await expect(page.locator('[data-tone=warning]')).toHaveCount(1);
  await expect(page.getByTestId('results-table').locator('tbody tr')).toHaveCount(12);
});

test('a kept run brings its log along; what was asked for ends with the page', async () => {
  await openTab(page, 'History');
  const runs = page.getByTestId('history-table').locator('tbody tr');
  await expect(runs).toHaveCount(5);
  await openLockstep(page, { faults: '', ...problem });
  await expect(page.getByTestId('faults-panel'), 'the address opens it').toBeVisible();
  await expect(banner(), 'nothing is saved').toHaveCount(0);
  await openTab(page, 'History');
  await runs.nth(2).getByRole('button', { name: /^Open/ }).click();
  await expect(log()).toContainText([/4 → 2/, /2 → 1/]);
  expect(page.url()).toContain('faults');
  expect(problems).toEqual([]);
});
