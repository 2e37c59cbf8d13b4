import { expect, type Page, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { exportBundle, openLockstep, openPart, openTab, runToEnd, screenshot } from './lockstep-page.ts';

/** Draws that are just enough for what is said of them: what the statistics are worth is tested elsewhere. */
const few = { preset: 'quick', draws: '80', warmup: '16', rescue: 'false' };
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('truths from the prior: bias naive and corrected, coverage and ranks on the page and in the bundle', async ({
  page,
}) => {
  await openLockstep(page, { ...few, truthSource: 'prior', realizations: '24' });
  await runToEnd(page);
  await openTab(page, 'Results');
  const rows = page.getByTestId('bias-table').locator('tbody tr');
  for (const text of ['g1posterior means', 'g1prior taken out', 'g2posterior means', 'g2prior taken out']) {
    const row = rows.filter({ hasText: new RegExp(text.replace(/^(..)/, '$1\\s*')) });
    await expect(row).toHaveCount(1);
    await expect(row).toContainText(/\d ± \d/);
  }
  await expect(page.getByTestId('coverage-table').locator('tbody tr')).toHaveCount(4);
  const calibration = panel(page, 'Calibration');
  await expect(calibration).toContainText(/Ranks of 24 true g1 are (uniform|uneven)/);
  await calibration.getByLabel('Parameter of the ranks').selectOption('y');
  await expect(calibration).toContainText('Ranks of 24 true y');
  await calibration.scrollIntoViewIfNeeded();
  await screenshot(page, 'calibration');
  await expectNoViolations(page, 'statistics');

  const bundle = await exportBundle(page);
  const { level, n_realizations, pooled } = JSON.parse(bundle.text('bias_results.json'));
  expect([level, n_realizations, pooled.truths_from_prior]).toEqual(['level_0', 24, true]);
  expect(pooled.parameters.g1.corrected.n).toBe(24);
  expect(bundle.text('plots/ranks-g1.svg')).toContain('ranks of 24 truths');
});

test('pairs at ±g state their response; without truths from the prior no ranks are shown', async ({ page }) => {
  await openLockstep(page, { ...few, truthSource: 'pairs', shearGrid: '0.02', realizations: '4' });
  await runToEnd(page);
  await openTab(page, 'Results');
  await expect(panel(page, 'Recovered bias')).toContainText(/g1 from 4 pairs at ±g with shared noise: m = /);
  await openPart(page, 'Calibration');
  await expect(panel(page, 'Calibration')).toContainText('choose “Drawn from the prior”');
});
