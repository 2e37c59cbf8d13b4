import { rmSync } from 'node:fs';
import { expect, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { readPosteriors } from '../posteriors.ts';
import { exportBundle, openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';

test('without WebGPU the page says so, picks a small preset and runs its f64 twin to the end', async ({ page }) => {
  await openLockstep(page);
  await expect(page.getByTestId('no-webgpu-banner')).toBeVisible();
  await expect(page.getByTestId('software-banner')).toHaveCount(0);
  await screenshot(page, 'twin-idle');
  await expectNoViolations(page, 'the page without WebGPU');

  await runToEnd(page);
  await expect(page.getByTestId('adapter-badge')).toContainText(/CPU|f64/i);
  await openTab(page, 'Results');
  await expect(page.getByTestId('results-table').locator('tbody tr').first()).toBeVisible();
  await screenshot(page, 'twin-results');

  const bundle = await exportBundle(page);
  try {
    expect(bundle.text('environment.json')).toContain('cpu-twin');
    const posteriors = Object.values(readPosteriors(bundle.folder));
    expect(posteriors.length).toBeGreaterThan(0);
    for (const { posterior } of posteriors) expect(posterior.g1.finite).toBe(true);
  } finally {
    rmSync(bundle.folder, { recursive: true });
  }
});
