import { readFileSync } from 'node:fs';
import { expect, type Page, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';
import { inEveryLook } from './looks.ts';

/** Results that are neither in the history nor exported are replaced by nothing unasked. */
test.describe.configure({ mode: 'serial' });

const problem = { preset: 'quick', shearGrid: '0.01', realizations: '2', warmup: '8', draws: '8', rescue: 'false' };

let page: Page;
let bundle: Buffer;
const dialog = () => page.getByTestId('replace-dialog');
const status = () => page.getByTestId('status');
const count = () => page.getByRole('tab', { name: 'Results' });

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage({ acceptDownloads: true });
});

test.afterAll(() => page.close());

async function fullStorage(): Promise<void> {
  await openLockstep(page, { ...problem, faults: '' });
  await page.getByTestId('fault-storageFull').setChecked(true);
  await page.getByTestId('faults-apply').click();
  await expect(page.getByTestId('faults-banner')).toBeVisible({ timeout: WORK_MS });
}

test('a run that the history has kept is replaced without a word, however soon', async () => {
  await openLockstep(page, problem);
  await runToEnd(page);
  await runToEnd(page);
  await expect(dialog()).toHaveCount(0);
});

test('with storage full Run and Step ask first, and what is kept stays', async () => {
  await fullStorage();
  await runToEnd(page);
  for (const press of [() => page.getByTestId('run').click(), () => page.getByTestId('step').click()]) {
    await press();
    await expect(dialog()).toContainText('neither in the history nor exported');
    await page.keyboard.press('Escape');
    await expect(dialog()).toHaveCount(0);
    await expect(status()).toHaveText('done');
    await expect(count()).toHaveAttribute('data-count', '2');
  }
  await page.keyboard.press('r');
  await expect(page.getByTestId('replace-keep')).toBeFocused();
  await page.keyboard.press('r');
  await expect(dialog(), 'the keys of the page ask no second time').toHaveCount(1);
  await inEveryLook(page, async (look) => {
    await screenshot(page, `replace-${look}`);
    await expectNoViolations(page, `replace, ${look}`);
  });
  await page.getByTestId('replace-keep').click();
  await expect(status()).toHaveText('done');
});

test('the browser asks before the page is left', async () => {
  const asked = page.waitForEvent('dialog');
  const left = page.evaluate(() => location.reload());
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  await left;
  await expect(count()).toHaveAttribute('data-count', '2');
});

test('opening a kept run asks, too; exported first they may go', async () => {
  await openTab(page, 'History');
  const open = page.getByTestId('history-table').getByRole('button', { name: /^Open/ }).first();
  await open.click();
  await expect(dialog()).toContainText('from the history');
  await page.getByTestId('replace-keep').click();
  await expect(page.getByTestId('opened-run')).toHaveCount(0);
  await open.click();
  const download = page.waitForEvent('download');
  await page.getByTestId('replace-export').click();
  bundle = readFileSync(await (await download).path());
  await expect(page.getByTestId('opened-run')).toContainText('from the history');
});

test('a bundle asks once it is verified, and a yes replaces them', async () => {
  await fullStorage();
  await runToEnd(page);
  const choose = () =>
    page.getByTestId('file-drop').setInputFiles({ name: 'mine.zip', mimeType: 'application/zip', buffer: bundle });
  await choose();
  await expect(dialog()).toContainText('mine.zip takes the place');
  await page.getByTestId('replace-keep').click();
  await expect(page.getByTestId('opened-run')).toHaveCount(0);
  await choose();
  await page.getByTestId('replace-confirm').click();
  await expect(page.getByTestId('opened-run')).toContainText('mine.zip: all');
});

test('Stop is told as such, and the end is announced at once', async () => {
  await openLockstep(page, { ...problem, realizations: '400', batch: '1' });
  await page.getByTestId('run').click();
  const region = page.getByRole('status').filter({ hasText: /^Running\. \d+ of 400/ });
  const first = await region.textContent();
  // What goes on is told every five seconds: right after a sentence the next is furthest off.
  await expect(region).not.toHaveText(first!);
  await page.evaluate(noteWhenStopped);
  await page.getByTestId('stop').click();
  await expect(page.getByText(/^Stopped\. \d+ of 400 kept\.$/)).toBeAttached();
  // Both times are the page's own: a slow machine is late with both.
  const { shownMs, toldMs } = await page.evaluate(() => window.stopped);
  expect(toldMs - shownMs, 'told as soon as it is shown, and not at the next of the five seconds').toBeLessThan(2500);
});

declare global {
  interface Window {
    stopped: { shownMs: number; toldMs: number };
  }
}

/** Runs in the page: notes when the state says "stopped", and when a screen reader is told. */
function noteWhenStopped(): void {
  window.stopped = { shownMs: Number.NaN, toldMs: Number.NaN };
  const said = (selector: string, text: RegExp) =>
    [...document.querySelectorAll(selector)].some(({ textContent }) => text.test(textContent ?? ''));
  new MutationObserver(() => {
    const now = performance.now();
    if (Number.isNaN(window.stopped.shownMs) && said('[data-testid=status]', /^stopped$/)) window.stopped.shownMs = now;
    if (Number.isNaN(window.stopped.toldMs) && said('[role=status]', /^Stopped\./)) window.stopped.toldMs = now;
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
