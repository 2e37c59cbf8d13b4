/** What is read first stands first, the rest is folded: by keyboard, remembered, reached by a link, whole on paper. */
import { expect, type Page, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { openLockstep, openPart, openTab, runToEnd } from './lockstep-page.ts';

const problem = { preset: 'quick', warmup: '16', draws: '80', rescue: 'false' };
const TABS = ['Live', 'Results', 'History', 'Batch', 'Memory', 'Shader', 'Learn'] as const;

const pageHeight = (page: Page) => page.evaluate(() => document.documentElement.scrollHeight);

test('after a run no tab is longer than 2.4 screens, and what is folded is not on the page', async ({ page }) => {
  await openLockstep(page, { preset: 'quick' });
  await runToEnd(page);
  for (const tab of TABS) {
    await openTab(page, tab);
    await expect(page.getByText('Loading', { exact: true })).toHaveCount(0);
    if (tab === 'Results') await expect(page.getByRole('img', { name: /^Joint posterior/ })).toBeVisible();
    if (tab === 'Memory') await expect(page.getByTestId('buffers')).toBeVisible();
    expect(await pageHeight(page), tab).toBeLessThan(2.4 * 900);
  }
  await openTab(page, 'Results');
  await expect(page.getByTestId('checks-table')).toHaveCount(0);
  await expect(page.getByRole('img', { name: /^Traces of/ })).toHaveCount(0);
  // The verdict comes before all else.
  const titles = page.getByRole('tabpanel').getByRole('heading', { level: 2 });
  await expect(titles.first()).toHaveText('Convergence');

  await page.getByRole('button', { name: 'Traces', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('img', { name: /^Traces of g1/ })).toBeVisible();
  await expectNoViolations(page, 'results with an open and closed parts');

  await page.emulateMedia({ media: 'print' });
  await expect(page.getByTestId('checks-table'), 'paper has all of it').toBeVisible();
  await expect(page.getByRole('img', { name: /^Rank histograms/ })).toBeVisible();
  await page.emulateMedia({ media: 'screen' });
  await expect(page.getByTestId('checks-table')).toHaveCount(0);
  await expect(page.getByRole('img', { name: /^Traces of g1/ })).toBeVisible();
});

test('a run that is over says what it took, not what is left', async ({ page }) => {
  await openLockstep(page, { ...problem, shearGrid: '0.01' });
  const bar = page.getByRole('region', { name: 'Run', exact: true });
  await expect(bar).not.toContainText('left');
  await runToEnd(page);
  await expect(bar).toContainText(/took [\d.]+ s|took \d+:\d\d/);
  await expect(bar).not.toContainText('left');
});

test('what was opened stays open after a reload; a link leads to a part and opens it', async ({ page }) => {
  await openLockstep(page, problem);
  await openTab(page, 'Batch');
  await expect(page.getByTestId('size-shear.peekSlots')).toHaveCount(0);
  await openPart(page, 'Values by memory class');
  await openLockstep(page, problem);
  await openTab(page, 'Batch');
  await expect(page.getByRole('table', { name: 'Sizes that differ between memory classes' })).toBeVisible();

  await page.goto('about:blank');
  await page.goto('./?preset=quick#batch.sizes');
  await expect(page.getByRole('tab', { name: 'Batch', exact: true })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('size-shear.peekSlots')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Expert sizes', exact: true })).toBeFocused();
  await page.goto('./?preset=quick#learn.trust');
  await expect(page.getByRole('tab', { name: 'Learn', exact: true })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByText('Several chains start from different places.')).toBeVisible();
});

test('the memory tab has the buffers of every pass', async ({ page }) => {
  await openLockstep(page, { preset: 'quick', realizations: '2' });
  await openTab(page, 'Memory');
  await openPart(page, 'Buffers of rescue 2');
  const rescue = page.getByRole('table', { name: 'GPU buffers of rescue 2, largest first' });
  await expect(rescue.locator('tbody tr').first()).toContainText(/draws.*chunk × 4 chains × 5120 draws/);
});

test('on a phone the form is its preset until somebody wants more, and explanations stay within the window', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openLockstep(page, problem);
  await expect(page.locator('#batch-size')).toBeHidden();
  await page.getByRole('button', { name: /^Settings/ }).click();
  await expect(page.locator('#batch-size')).toBeVisible();
  for (const mark of await page
    .getByRole('complementary')
    .getByRole('button', { name: /^About / })
    .all()) {
    if (!(await mark.isVisible())) continue;
    await mark.focus();
    const box = await page.getByRole('tooltip').boundingBox();
    expect(box!.x).toBeGreaterThanOrEqual(0);
    expect(box!.x + box!.width).toBeLessThanOrEqual(390);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('tooltip')).toHaveCount(0);
  }
});

test('on a phone the plot of the first look is on the first screen, above the docked bar', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openLockstep(page, { workload: 'flow' });
  const bar = await page.getByTestId('run').boundingBox();
  const head = page.getByRole('heading', { name: 'From noise to posterior' });
  await expect(head).toBeVisible();
  expect(bar!.y - (await head.boundingBox())!.y).toBeGreaterThan(160);
  await runToEnd(page);
  const took = page.getByText(/^took /);
  const text = await took.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect().right;
  });
  expect(text).toBeLessThanOrEqual(378);
  await expect(page.getByTestId('see-results')).toBeInViewport({ ratio: 1 });
});
