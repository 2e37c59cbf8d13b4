import { rmSync } from 'node:fs';
import { expect, type Page, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { exportBundle, openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';
import { inEveryLook, overflow } from './looks.ts';

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
  // A run under way asks before the page is left.
  page.on('dialog', (dialog) => void dialog.accept());
  await openLockstep(page, problem);
});

test.afterAll(() => page.close());

const banner = () => page.getByTestId('faults-banner');
const log = () => page.getByTestId('run-log-table').locator('tbody tr');

/** Fills the field of a fault, or switches it on or off, without applying it. */
async function write(fault: string, value: string | boolean): Promise<void> {
  const field = page.getByTestId(`fault-${fault}`);
  if (typeof value === 'boolean') await field.setChecked(value);
  else await field.fill(value);
}

/** Applies a fault in the place of another: its field, what goes into it, and how the banner names it. */
async function ask(fault: string, value: string | true, named: string, instead?: [string, '' | false]): Promise<void> {
  if (instead) await write(...instead);
  await write(fault, value);
  await page.getByTestId('faults-apply').click();
  // The device is opened anew, which waits for kernels that are still being compiled for the one before.
  await expect(banner()).toContainText(`Faults are on: ${named}`, { timeout: WORK_MS });
}

async function exported(): Promise<{
  id: string;
  run: { ran: { faults?: object } };
  failures: string;
}> {
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
  await expect(page.getByTestId('faults-panel')).toBeFocused();
  await expect(page.getByTestId('help-faults'), 'Help makes way').toHaveCount(0);
  await page.waitForTimeout(200);
  await expect(page.getByTestId('faults-panel'), 'and does not take the focus back').toBeFocused();
  await page.getByTestId('fault-loseAfterSubmits').focus();
  await page.keyboard.type('20');
  await page.keyboard.press('Enter');
  await expect(banner()).toContainText('device lost after 20 submits');

  await page.getByTestId('run').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('status')).toHaveText('done', { timeout: WORK_MS });
  await page.getByTestId('event-count').focus();
  await page.keyboard.press('Enter');
  await expect(log()).toContainText([/Device lost.*lost on demand/s, /Reopened/, /Retry/]);
  await expect(page.getByRole('region', { name: 'Events of this run' })).toBeFocused();
  const { id, run } = await exported();
  expect(id).toBe(undisturbed);
  expect(run.ran.faults).toEqual({ loseAfterSubmits: 20 });
});

test('out of memory halves the chunk until it fits, and changes no result', async () => {
  await page.getByRole('button', { name: 'Switch all off' }).click();
  await expect(banner()).toHaveCount(0);
  await ask('outOfMemoryAboveBytes', '0.025', 'out of memory above');
  await runToEnd(page);
  await expect(log()).toContainText([/Split.*out of memory.*4 → 2/s, /Split.*out of memory.*2 → 1/s]);
  await page.getByRole('button', { name: '1 more message' }).click();
  const notices = page.locator('[data-tone=warning]');
  await expect(notices, 'one notice of both splits, which counts').toContainText([
    /did not converge/,
    /out of memory.*2 times by now/,
  ]);
  await page.getByRole('button', { name: 'Fewer' }).click();
  const { id, run, failures } = await exported();
  expect(id).toBe(undisturbed);
  expect(run).toMatchObject({
    batch: { size: 4 },
    ran: { faults: { outOfMemoryAboveBytes: Math.round(0.025 * 1024 ** 2) } },
  });
  expect(failures).toContain('split');
});

test('axe finds nothing on panel, banner and run log, and nothing is wider than the screen', async () => {
  await inEveryLook(page, async (look) => {
    await page.getByTestId('run-log').scrollIntoViewIfNeeded();
    await screenshot(page, `faults-${look}`);
    await expectNoViolations(page, `faults, ${look}`);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});

test('a pixel that is no number fails its item only', async () => {
  await ask('nanPixelItem', '2', 'pixel', ['outOfMemoryAboveBytes', '']);
  await runToEnd(page);
  await openTab(page, 'Results');
  await expect(page.getByTestId('results-table').locator('tbody tr')).toHaveCount(11);
  await expect(log()).toHaveText([/Failed.*_s44 failed.*no finite number.*_s44–$/s]);
  await expect(page.getByTestId('error'), 'named as in every table').toContainText(/_s44: .*no finite number/);
});

test('a full storage is told once, and the run goes on', async () => {
  await ask('storageFull', true, 'storage', ['nanPixelItem', '']);
  await runToEnd(page);
  await expect(log()).toHaveText([
    /Storage.*storage for this page is full.*The run and its results on the page are not touched/s,
  ]);
  await expect(page.getByTestId('results-table').locator('tbody tr')).toHaveCount(12);
  const notices = page.locator('[data-tone=warning]');
  await expect(notices).toHaveCount(1);
  await expect(notices, 'the newest stands for all').toContainText(
    /not in the history: the browser's storage for this page is full \(\d+ MiB of \d+ MiB used\)/,
  );
  await page.getByRole('button', { name: '2 more messages' }).click();
  await expect(notices).toContainText(
    [/not in the history/, /did not converge/, /The run and its results on the page are not touched/],
    { useInnerText: true },
  );
  await page.getByRole('button', { name: 'Fewer' }).click();
  await expect(notices).toHaveCount(1);
  // Exported, they may be replaced unasked by the next run.
  expect((await exported()).id).toBe(undisturbed);
});

test('a refused call is told as a defect and costs its chunk only', async () => {
  await ask('validationAtSubmit', '20', 'refused', ['storageFull', false]);
  await runToEnd(page);
  await expect(log()).toHaveText([/Failed.*4 realizations failed.*WebGPU refused/s]);
  await expect(page.getByTestId('error')).toContainText(/(\S+_s\d+, ){3}\S+_s\d+: .*WebGPU refused/);
  await expect(page.getByTestId('results-table').locator('tbody tr')).toHaveCount(8);
});

test('a kept run brings its log along; what was asked for ends with the page', async () => {
  await openTab(page, 'History');
  const runs = page.getByTestId('history-table').locator('tbody tr');
  await expect(runs, 'all but the one that found the storage full').toHaveCount(5);
  await openLockstep(page, { faults: '', ...problem });
  await expect(page.getByTestId('faults-panel'), 'the address opens it').toBeVisible();
  await expect(banner(), 'nothing is saved').toHaveCount(0);
  await openTab(page, 'History');
  await runs.nth(2).getByRole('button', { name: /^Open/ }).click();
  await expect(log()).toContainText([/4 → 2/, /2 → 1/]);
  expect(page.url()).toContain('faults');
});

test('the browser reported no error all along', () => {
  expect(problems).toEqual([]);
});
