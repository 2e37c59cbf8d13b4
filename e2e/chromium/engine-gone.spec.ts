import { expect, type Page, test, type Worker } from 'playwright/test';
import { encodeNpy } from '../../src/bundle/npy.ts';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { confirmData, exportBundle, openLockstep, openTab, screenshot } from './lockstep-page.ts';
import { inEveryLook, overflow } from './looks.ts';

/** The engine's worker ends in the middle of a run, or goes wrong without ending: nothing says "running" for ever. */
test.describe.configure({ mode: 'serial' });

const problem = { preset: 'quick', shearGrid: '0.01', realizations: '24', draws: '32', warmup: '8', batch: '2' };

let page: Page;
let expected: string;
const status = () => page.getByTestId('status');
const trouble = () => page.getByTestId('engine-trouble');
const finished = async () => Number((await page.getByRole('tab', { name: 'Results' }).getAttribute('data-count')) || 0);
const engine = (): Worker => page.workers().find((worker) => worker.url().includes('engine'))!;
const resultId = async () => JSON.parse((await exportBundle(page)).text('manifest.json')).result_id as string;

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage({ acceptDownloads: true });
});

test.afterAll(() => page.close());

test('an error that ends nothing is told while the run goes on, and nothing asks for a reload', async () => {
  await openLockstep(page, problem);
  await page.getByTestId('run').click();
  await expect.poll(finished, { timeout: WORK_MS, intervals: [20] }).toBeGreaterThan(1);
  await engine().evaluate(() => {
    setTimeout(() => {
      throw new Error('a slip of the engine');
    });
  });
  await expect(trouble()).toContainText(/went wrong.*a slip of the engine\.\s*The run goes on/);
  await expect(trouble()).not.toContainText(/reload/i);
  await expect(status()).toHaveText('done', { timeout: WORK_MS });
  expected = await resultId();
  await trouble().getByRole('button', { name: 'Dismiss' }).click();
  await expect(trouble()).toHaveCount(0);
});

test('an engine that ends is told of within seconds; what it had shown stays', async () => {
  await openLockstep(page, problem);
  await page.getByTestId('run').click();
  await expect.poll(finished, { timeout: WORK_MS, intervals: [20] }).toBeGreaterThan(3);
  // As a browser ends it: nothing is said.
  await engine().evaluate(() => self.close());
  await expect(trouble()).toContainText('The engine has ended');
  await expect(status()).toHaveText('failed');
  await expect(page.getByTestId('run')).toBeDisabled();
  await expect(page.getByTestId('run-why-not')).toHaveText('The engine has ended: start it again first.');
  expect(await finished()).toBeGreaterThan(3);
  await inEveryLook(page, async (look) => {
    await screenshot(page, `engine-gone-${look}`);
    await expectNoViolations(page, `engine gone, ${look}`);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
  await openTab(page, 'Results');
  await expect(page.getByTestId('results-table').locator('tbody tr')).toHaveCount(await finished());
});

test('started again, it goes on from the last finished chunk to the result that the run would have had', async () => {
  await page.getByTestId('start-again').click();
  await expect(trouble()).toHaveCount(0);
  await expect(page.getByTestId('run')).toBeEnabled({ timeout: WORK_MS });
  await page.getByTestId('resume-run').click();
  await expect(status()).toHaveText('done', { timeout: WORK_MS });
  expect(await finished()).toBe(24);
  expect(await resultId()).toBe(expected);
});

test('it has the files that the one before had, and reads the run before from the history', async () => {
  const [n, pixels] = [3, 32];
  const stamps = Float32Array.from({ length: n * pixels ** 2 }, (_, i) => {
    const [y, x] = [Math.floor(i / pixels) % pixels, i % pixels].map((at) => (at - (pixels - 1) / 2) / 3);
    return 2 * Math.exp(-0.5 * (x * x + y * y)) + 0.01 * Math.sin(i);
  });
  const buffer = Buffer.from(encodeNpy(stamps, [n, pixels, pixels]));
  await page.getByTestId('file-drop').setInputFiles({ name: 'mine.npy', mimeType: 'application/octet-stream', buffer });
  await expect(page.getByText('3 images of 32 × 32 pixels')).toBeVisible();
  await engine().evaluate(() => self.close());
  await page.getByTestId('start-again').click();
  await expect(page.getByTestId('run')).toBeEnabled({ timeout: WORK_MS });
  await openTab(page, 'Results');
  await page.getByTestId('results-table').locator('tbody tr').nth(2).click();
  await expect(page.getByText('Fetching the draws')).toHaveCount(0);
  await expect(page.getByTestId('error')).toHaveCount(0);
  await expect(page.getByText('3 images of 32 × 32 pixels')).toBeVisible();
  await confirmData(page);
  await page.getByTestId('run').click();
  await expect.poll(finished, { timeout: WORK_MS }).toBe(3);
});
