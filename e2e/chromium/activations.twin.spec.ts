/** Steering where there is no GPU: the same panel, in f32 on the CPU. */
import { expect, test } from 'playwright/test';
import { WORK_MS } from '../limits.ts';
import { openLockstep } from './lockstep-page.ts';

test('writes stories without an adapter, as they are and steered', async ({ page }) => {
  await openLockstep(page, { workload: 'activations', preset: 'first' });
  await page.getByTestId('steer-start').click();
  const rows = page.getByTestId('steer-counts').getByRole('row');
  await expect(
    rows
      .filter({ hasText: /^steered/ })
      .getByRole('cell')
      .last(),
  ).toHaveText(/\d/, { timeout: WORK_MS });
  await expect(
    rows
      .filter({ hasText: /^as it is/ })
      .getByRole('cell')
      .last(),
  ).toHaveText(/\d/);
  await expect(page.getByTestId('steer-texts').getByRole('listitem')).toHaveCount(6);
});
