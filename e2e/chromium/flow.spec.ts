/** Posterior samples along a trained flow, in the page: the network that ships, half precision, a network of one's own. */
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { root } from '../../scripts/locate.mjs';
import { exportBundle, openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';

const network = join(root, 'tests/flow/fixtures/gaussian.safetensors');
const query = { workload: 'flow', solver: 'euler', observation: '1,2', samples: '500' };

test('samples the posteriors of two observations, and hands them over', async ({ page }) => {
  await openLockstep(page, query);
  await runToEnd(page);
  await openTab(page, 'Results');
  await expect(page.getByText('2 of 2 sound')).toBeVisible();
  await screenshot(page, 'flow-results');
  const { files, text } = await exportBundle(page);
  expect(files.filter((path) => path.endsWith('/posterior.nc')).sort()).toEqual([
    'gaussian_own-1/posterior.nc',
    'gaussian_own-2/posterior.nc',
  ]);
  const summary = text('summary.csv');
  expect(summary).toContain('gaussian_own-1');
  expect(summary).not.toContain('rhat');
});

test('takes another network and half precision', async ({ page }) => {
  await openLockstep(page, query);
  await page.getByTestId('file-drop').setInputFiles(network);
  await expect(page.getByText('a network for gaussian, 2 layers of 32')).toBeVisible();
  await page.getByRole('combobox', { name: 'Precision' }).selectOption('f16-storage');
  await runToEnd(page);
  const { text } = await exportBundle(page);
  const run = JSON.parse(text('run.json'));
  expect(run).toMatchObject({
    precision: 'f16-storage',
    ran: { network: { name: 'gaussian.safetensors' }, loaded: { name: 'gaussian.safetensors' } },
  });
});
