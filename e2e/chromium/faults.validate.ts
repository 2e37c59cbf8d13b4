/** Faults of the storage, provoked on the page. The same with the file changed by hand: resume.spec.ts; in the engine: storage-faults.test.ts. */
import { expect, test } from 'playwright/test';
import { WORK_MS } from '../limits.ts';
import { openLockstep, openTab } from './lockstep-page.ts';

/** So many chunks that a reload falls between them. */
const problem = { preset: 'quick', shearGrid: '0.01', realizations: '16', warmup: '8', draws: '8', batch: '1' };

test('what a damaged checkpoint held runs again after a reload', async ({ page }) => {
  // A run under way asks before the page is left.
  page.on('dialog', (dialog) => void dialog.accept());
  await openLockstep(page, { faults: '', ...problem });
  await page.getByTestId('fault-corruptCheckpoint').setChecked(true);
  await page.getByTestId('faults-apply').click();
  await expect(page.getByTestId('faults-banner')).toContainText('a checkpoint', { timeout: WORK_MS });
  await page.getByTestId('run').click();
  const finished = async () => Number(await page.getByRole('tab', { name: 'Results' }).getAttribute('data-count'));
  await expect.poll(finished, { timeout: WORK_MS, intervals: [20] }).toBeGreaterThan(2);
  await openLockstep(page, problem);
  await page.getByTestId('resume-run').click();
  const log = page.getByTestId('run-log-table').locator('tbody tr');
  await expect(log).toContainText([/Storage.*chunk-000000\.lockstep: its hash does not match.*counts as not run/s]);
  await expect(page.getByTestId('status')).toHaveText('done', { timeout: WORK_MS });
  await openTab(page, 'Results');
  await expect(page.getByTestId('results-table').locator('tbody tr')).toHaveCount(16);
});
