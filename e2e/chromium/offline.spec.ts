import { expect, test } from 'playwright/test';
import { openLockstep, openTab, screenshot } from './lockstep-page.ts';

/** Offline the page goes on with what is loaded; what is not says so and can be tried again. */
test('a tab that cannot be loaded costs neither the page nor itself', async ({ browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await openLockstep(page, { preset: 'quick' });
  await openTab(page, 'Memory');
  await expect(page.getByText('Loading', { exact: true })).toHaveCount(0);
  await context.setOffline(true);
  const missing = page.getByTestId('part-missing');
  for (const name of ['History', 'Batch', 'History'] as const) {
    await openTab(page, name);
    await expect(missing).toContainText('could not be fetched');
  }
  await screenshot(page, 'offline');
  await openTab(page, 'Memory');
  await expect(missing, 'what is loaded works').toHaveCount(0);
  await page.locator('#param-realizations').fill('7');
  await expect(page).toHaveURL(/realizations=7/);

  await openTab(page, 'History');
  await expect(missing).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(missing, 'still offline').toBeVisible();
  const other = page.getByRole('navigation', { name: 'Experiment' }).getByRole('button', { name: 'Flow' });
  await other.click();
  await expect(page.getByText('A part of the page could not be fetched')).toBeVisible();
  await expect(other, 'the form stays as it is').not.toHaveAttribute('aria-current');
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(missing).toHaveCount(0);
  await expect(page.getByRole('tabpanel')).toContainText(/run/i);
  const unstyled = () =>
    [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].filter((link) => !link.sheet);
  await expect.poll(() => page.evaluate(unstyled).then((links) => links.length)).toBe(0);
  await other.click();
  await expect(other).toHaveAttribute('aria-current', 'page');
  await context.close();
});
