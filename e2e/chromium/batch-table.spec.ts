import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { exportBundle, openLockstep, openPart, openTab, runToEnd } from './lockstep-page.ts';

const problem = { preset: 'quick', shearGrid: '0.01', realizations: '2', warmup: '8', draws: '8', rescue: 'false' };

/** The exact bytes that a text ends with: "1.1 MiB (1,136,600 bytes)". */
async function bytesIn(page: Page, testId: string): Promise<number> {
  const text = await page.getByTestId(testId).textContent();
  return Number(/([\d,]+) bytes/.exec(text!)![1].replaceAll(',', ''));
}

/** Presses Tab until the element of that test id or name has the focus. */
async function tabTo(page: Page, found: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; presses < 150; presses++) {
    if (await found()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not reach it');
}

const focused = (page: Page, attribute: string, value: string) => () =>
  page.evaluate(([name, text]) => document.activeElement?.getAttribute(name) === text, [attribute, value]);

test('a size that is edited changes the plan by the bytes the page says, runs, is exported and remembered', async ({
  page,
}) => {
  await openLockstep(page, problem);
  await openTab(page, 'Batch');
  await openPart(page, 'Expert sizes');
  const looks = page.getByTestId('size-shear.peekSlots');
  await expect(looks).toHaveValue('2');
  const [plan, entry] = [await bytesIn(page, 'memory-total'), await bytesIn(page, 'bytes-shear.peekSlots')];
  await looks.fill('5');
  await expect.poll(() => bytesIn(page, 'memory-total')).toBeGreaterThan(plan);
  await expect.poll(() => bytesIn(page, 'bytes-shear.peekSlots')).toBe(4 * entry);
  const edited = await bytesIn(page, 'memory-total');
  expect(edited - plan).toBe(3 * entry);
  await expect(page).toHaveURL(/sizes=shear\.peekSlots:5/);

  await runToEnd(page);
  const { folder } = await exportBundle(page);
  const { batch } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
  rmSync(folder, { recursive: true });
  expect(batch.sizes).toEqual({ 'shear.peekSlots': 5 });
  await openTab(page, 'Memory');
  expect(await bytesIn(page, 'gpu-peak')).toBe(edited);
  expect(await bytesIn(page, 'gpu-now')).toBe(0);
  expect(await bytesIn(page, 'readback-now')).toBe(0);
  expect(await bytesIn(page, 'held-total')).toBe(0);
  expect(await bytesIn(page, 'cpu-now')).toBeGreaterThan(0);

  // Another link, without sizes: what is remembered holds; with sizes: the link's go first.
  await openLockstep(page, { ...problem, seed: '7' });
  await openTab(page, 'Batch');
  await expect(looks).toHaveValue('5');
  await openLockstep(page, { ...problem, sizes: 'shear.peekSlots:3' });
  await openTab(page, 'Batch');
  await expect(looks).toHaveValue('3');
  await expect(page.getByText('Reset all forgets it')).toBeVisible();
  await page.getByRole('button', { name: 'Reset all' }).click();
  await expect(looks).toHaveValue('2');
  await expect(page.getByRole('button', { name: 'Reset all' })).toBeDisabled();
  await openLockstep(page, problem);
  await openTab(page, 'Batch');
  await expect(looks).toHaveValue('2');
});

test('a value out of range is refused at its field, and the keyboard alone edits and resets', async ({ page }) => {
  await openLockstep(page, problem);
  await page.getByRole('tab', { name: 'Batch', exact: true }).focus();
  await page.keyboard.press('Enter');
  const sizes = page.getByRole('button', { name: 'Expert sizes', exact: true });
  await expect(sizes).toHaveAttribute('aria-expanded', 'false');
  await tabTo(page, () => sizes.evaluate((button) => button === document.activeElement));
  await page.keyboard.press('Enter');
  const staging = page.getByTestId('size-shear.stagingBytes');
  await expect(staging).toHaveValue('8388608');
  await tabTo(page, focused(page, 'data-testid', 'size-shear.stagingBytes'));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('2');
  const row = page.getByRole('listitem').filter({ has: staging });
  await expect(row).toContainText('Staging for results: expected a whole number from 4 to 1,073,741,824 bytes, got 2.');
  await expect(page.getByTestId('run')).toBeDisabled();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('1 KiB');
  await expect(page.getByTestId('run')).toBeEnabled();
  await expect(page).toHaveURL(/sizes=shear\.stagingBytes:1024/);
  await expect(page.getByText(/^1 of \d+ sizes differ/)).toBeVisible();
  await expectNoViolations(page, 'the batch tab with a changed size');
  await tabTo(page, focused(page, 'aria-label', 'Reset Staging for results'));
  await page.keyboard.press('Enter');
  await expect(staging).toHaveValue('8388608');
  await expect(staging).toBeFocused();
  await expect(page).not.toHaveURL(/sizes=/);
});

test('the memory class chooses the sizes; the batch entry is the batch size; reset all goes back to auto', async ({
  page,
}) => {
  await openLockstep(page, { ...problem, realizations: '400', draws: '80' });
  await openTab(page, 'Batch');
  await openPart(page, 'Expert sizes');
  const chunk = page.getByTestId('size-shear.chunk');
  await expect(chunk).toHaveValue('64');
  await page.getByLabel('Memory class', { exact: true }).selectOption('8GB');
  await expect(chunk).toHaveValue('128');
  await expect(page.getByTestId('size-shear.threadsPerChain')).toHaveValue('32');
  await chunk.fill('16');
  await expect(page.getByTestId('batch-size')).toHaveValue('16');
  await expect(page.getByTestId('batch-source')).toHaveText('Chosen by you.');
  await expect(page.getByTestId('class-warning')).toContainText('threads per chain 32 instead of 1');
  await page.getByRole('button', { name: 'Reset all' }).click();
  await expect(page.getByLabel('Memory class', { exact: true })).toHaveValue('auto');
  await expect(page.getByTestId('class-warning')).toHaveCount(0);
  await expect(page.getByTestId('batch-source')).toHaveText(
    'Auto: the table’s value for “Software: the CPU plays the GPU”.',
  );
  await openTab(page, 'Memory');
  await expect(page.getByTestId('binding-cap')).toContainText('What binds first is the memory budget: ');
  await page.locator('#memory-budget').fill('1');
  await expect(page.getByTestId('batch-source')).toHaveText('Auto: as many as the memory budget allows.');
  await page.getByText('Numbers of this picture').click();
  await expectNoViolations(page, 'the memory tab');
});

test('canvases follow the colour scheme of the system while the page is open', async ({ page: fresh }) => {
  await fresh.emulateMedia({ colorScheme: 'light' });
  await openLockstep(fresh, { preset: 'quick' });
  await openTab(fresh, 'Memory');
  const canvas = fresh.locator('canvas').first();
  const drawn = () => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
  await expect(canvas).toBeVisible();
  const light = await drawn();
  await fresh.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(drawn).not.toBe(light);
  const dark = await drawn();
  await openLockstep(fresh, { preset: 'quick' });
  await openTab(fresh, 'Memory');
  await expect.poll(drawn, 'as on a page that was opened in the dark').toBe(dark);
  await fresh.emulateMedia({ colorScheme: 'light' });
  await expect.poll(drawn).toBe(light);
});
