import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { expect, test } from 'playwright/test';
import { lockstepOk } from '../cli/lockstep.ts';
import { openLockstep, openTab } from './lockstep-page.ts';

test('results of the command line, zipped, are shown where there is no WebGPU', async ({ page }) => {
  const scratch = mkdtempSync(join(tmpdir(), 'lockstep-twin-'));
  try {
    const few = ['--draws', '40', '--warmup', '8', '--rescue', 'false'];
    await lockstepOk('run', '--preset', 'quick', '--base-seed', '5', ...few, '--output-dir', join(scratch, 'run'));
    const entries = readdirSync(scratch, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const files = entries.map(({ parentPath, name }) => join(parentPath, name));
    const zip = zipSync(Object.fromEntries(files.map((file) => [file.slice(scratch.length + 1), readFileSync(file)])));
    await openLockstep(page);
    await expect(page.getByTestId('no-webgpu-banner')).toBeVisible();
    await page
      .getByTestId('file-drop')
      .setInputFiles({ name: 'run.zip', mimeType: 'application/zip', buffer: Buffer.from(zip) });
    await expect(page.getByTestId('opened-run')).toContainText('Computed on a GPU');
    await openTab(page, 'Results');
    const rows = page.getByTestId('results-table').locator('tbody tr');
    await expect(rows).toHaveCount(6);
    await expect(rows.first()).toContainText('g1_+0.0100_g2_+0.0000_s5');
    await openTab(page, 'Shader');
    await expect(page.getByRole('tabpanel')).toContainText('@compute');
  } finally {
    rmSync(scratch, { recursive: true });
  }
});
