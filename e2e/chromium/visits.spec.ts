import { expect, type Page, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';

/** How the page is come to, gone through and left: links, Back, a phone, a form with a slip in it. */

const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });

test('a link with a wrong and an unknown field loses only those, and says so', async ({ page }) => {
  await openLockstep(page, { preset: 'quick', realizations: '3', seed: '1e999', utm_source: 'mail' });
  await expect(page.getByTestId('preset')).toHaveValue('quick');
  await expect(page.locator('#seed')).toHaveValue('42');
  await expect(messages(page)).toContainText(
    'seed was not taken: expected a whole number from 0 to 4294967295, got Infinity',
  );
  await page.getByRole('button', { name: '1 more message' }).click();
  await expect(messages(page)).toContainText('utm_source');
  await openLockstep(page, { workload: 'sheer', seed: '7' });
  await expect(messages(page)).toContainText(/"sheer" is not an experiment.*shear/);
  await expect(page.locator('#seed')).toHaveValue('7');
});

test('Back goes through tabs and experiments and keeps the settings', async ({ page }) => {
  await openLockstep(page, { preset: 'quick' });
  const tab = () => page.getByRole('tab', { selected: true });
  const experiment = () => page.getByRole('navigation', { name: 'Experiment' }).locator('[aria-current=page]');
  await openTab(page, 'Memory');
  await page.locator('#param-realizations').fill('7');
  await page.getByRole('button', { name: 'Flow' }).click();
  await expect(page).toHaveURL(/workload=flow/);
  await page.goBack();
  await expect(experiment()).toHaveText('Shear');
  await expect(tab()).toHaveText('Memory');
  await expect(page.locator('#param-realizations')).toHaveValue('7');
  await page.goBack();
  await expect(tab()).toHaveText('Live');
  await expect(page.locator('#param-realizations'), 'a setting is no step').toHaveValue('7');
  await expect(page).toHaveURL(/preset=quick&realizations=7/);
  await page.goForward();
  await page.goForward();
  await expect(experiment()).toHaveText('Flow');
});

test('on a phone what a run shows comes into view, the focus stays with the buttons, and the way to the results is there', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openLockstep(page, { preset: 'quick', shearGrid: '0.01', realizations: '2', warmup: '8', draws: '8' });
  const tabs = page.getByRole('tablist', { name: 'Views' });
  // Settings that were opened push all of it below the window.
  await page.getByRole('button', { name: /^Settings/ }).click();
  await expect(tabs).not.toBeInViewport();
  await page.getByTestId('run').click();
  await expect(tabs).toBeInViewport();
  await expect(page.getByTestId('status')).toHaveText('done', { timeout: 60_000 });
  expect(await page.evaluate(() => document.activeElement?.closest('[aria-label=Run]') !== null)).toBe(true);
  await page.getByTestId('see-results').click();
  await expect(page.getByRole('tab', { name: 'Results' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('see-results')).toHaveCount(0);
  await screenshot(page, 'phone-results');
});

test('a slip in the form is told in words, beside the field and beside Run', async ({ page }) => {
  await openLockstep(page, { preset: 'quick' });
  const why = page.getByTestId('run-why-not');
  await page.locator('#param-shearGrid').fill('0.01; 0.02');
  await expect(page.getByTestId('run')).toBeDisabled();
  await expect(why).toHaveText(/True shears g1: “0.01;” is no number\. Separate numbers with commas/);
  await expect(page.getByTestId('run')).toHaveAccessibleDescription(/Separate numbers with commas/);
  await expect(page.getByTestId('run')).toHaveAttribute('title', /Separate numbers with commas/);
  await expectNoViolations(page, 'a wrong field');
  await page.locator('#param-shearGrid').fill('0.01, 0.02');
  await expect(why).toHaveCount(0);
  await expect(page.getByTestId('run')).toBeEnabled();
});

test('a preset whose settings were changed says so, and takes them back', async ({ page }) => {
  await openLockstep(page, { preset: 'quick' });
  const chosen = page.getByTestId('preset').locator('option:checked');
  await expect(chosen).toHaveText('Quick');
  await page.locator('#param-realizations').fill('3');
  await expect(chosen).toHaveText('Quick · changed');
  await expect(page.getByTestId('preset-changed')).toContainText('Changed: Realizations');
  await page.getByRole('button', { name: 'As the preset has it' }).click();
  await expect(chosen).toHaveText('Quick');
  await expect(page.locator('#param-integratorSteps')).toHaveValue('automatic');
});

test('a copied link that lacks the files on the page says so', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-write']);
  await openLockstep(page, { preset: 'quick' });
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(messages(page)).not.toContainText('The link is copied');
  const table = Buffer.from('g1,g2\n0.02,0\n');
  await page.getByTestId('file-drop').setInputFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: table });
  await expect(page.getByText('mine.csv')).toBeVisible();
  await page.getByRole('button', { name: /Share|Copied/ }).click();
  await expect(messages(page)).toContainText('The link is copied, without mine.csv');
});

test('while kernels are compiled that is said in the place of "Nothing is running yet"', async ({ page }) => {
  await openLockstep(page, { preset: 'quick', shearGrid: '0.01', realizations: '2', warmup: '8', draws: '8' });
  await page.evaluate(() => {
    const told = new Set<string>();
    const main = document.querySelector('main')!;
    const status = () => document.querySelector('[data-testid=status]')!.textContent;
    const look = () => told.add(`${status()}: ${main.textContent}`);
    new MutationObserver(look).observe(main, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { told });
  });
  await runToEnd(page);
  const told = await page.evaluate(() => [...(window as unknown as { told: Set<string> }).told]);
  const running = told.filter((text) => text.startsWith('running'));
  expect(running.some((text) => /compiling kernels.*The kernels are being compiled\./.test(text))).toBe(true);
  expect(running.filter((text) => text.includes('Nothing is running yet'))).toEqual([]);
  expect(
    Object.keys(await page.evaluate(() => JSON.parse(localStorage.getItem('lockstep-compile-seconds')!)))[0],
  ).toMatch(/SwiftShader.* \| shear \| f32/);
});
