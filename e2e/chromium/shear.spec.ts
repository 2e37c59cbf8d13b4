import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { summaryColumns } from '../bundle.ts';
import { WORK_MS } from '../limits.ts';
import { engines, headerOf, readPosteriors } from '../posteriors.ts';
import { exportBundle, openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';

/** One run of the quick preset, looked at from all sides: the tests go on from each other's page. */
test.describe.configure({ mode: 'serial' });

let page: Page;
const consoleErrors: string[] = [];

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage({ acceptDownloads: true });
  page.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => consoleErrors.push(error.message));
  await openLockstep(page, { preset: 'quick' });
});

test.afterAll(() => page.close());

test('the page opens ready, says that the adapter is software, and passes axe', async () => {
  await expect(page.getByTestId('adapter-badge')).toBeVisible();
  await expect(page.getByTestId('software-banner')).toBeVisible();
  await expect(page.getByTestId('no-webgpu-banner')).toHaveCount(0);
  await expect(page.getByTestId('memory-total')).toContainText(/\d.*bytes|\d.*(B|KiB|MiB|GiB)/);
  await screenshot(page, 'idle-1440');
  await expectNoViolations(page, 'the idle page');
});

test('the badge shows that the device passed its self-test, and every check of it; Escape closes', async () => {
  const badge = page.getByTestId('adapter-badge');
  await badge.click();
  await expect(badge).toContainText('f32 ✓', { timeout: WORK_MS });
  const table = page.getByTestId('self-test');
  await expect(table.getByRole('row')).toHaveCount(7);
  await expect(table).toContainText('passed');
  await expectNoViolations(page, 'the self-test');
  await page.keyboard.press('Escape');
  await expect(table).toHaveCount(0);
});

test('Run goes to the end and shows a result for every realization', async () => {
  await runToEnd(page);
  await openTab(page, 'Results');
  const rows = page.getByTestId('results-table').locator('tbody tr');
  await expect(rows.first()).toBeVisible();
  expect(await rows.count()).toBeGreaterThanOrEqual(1);
  await expect(page.getByTestId('results-table')).not.toContainText('NaN');
});

test('the exported zip opens in Python and holds what a run is', async () => {
  const bundle = await exportBundle(page);
  try {
    expect(bundle.name).toMatch(/^run-.*\.zip$/);
    expect(bundle.files).toEqual(expect.arrayContaining(['run.json', 'environment.json', 'summary.csv']));
    expect(bundle.files.filter((file) => file.endsWith('.wgsl')).length).toBeGreaterThan(0);
    expect(JSON.parse(bundle.text('run.json'))).toMatchObject({ workload: 'shear', preset: 'quick' });
    expect(JSON.parse(bundle.text('environment.json')), 'nobody asked for adapter details').not.toHaveProperty(
      'adapter',
    );

    const [header, ...rows] = bundle.text('summary.csv').trim().split(/\r?\n/);
    expect(header).toBe(`${summaryColumns},chi2_per_pixel,unfit`);
    const runIds = rows.map((row) => row.split(',')[0]).sort();
    await expect(page.getByTestId('results-table').locator('tbody tr')).toHaveCount(runIds.length);
    for (const runId of runIds) {
      expect(Object.keys(JSON.parse(bundle.text(`${runId}/truth.json`)))).toEqual(
        expect.arrayContaining(['g1', 'g2', 'flux', 'hlr', 'e1', 'e2', 'seed']),
      );
      expect(JSON.parse(bundle.text(`${runId}/convergence.json`)).rhat.g1).toBeLessThan(1.05);
      expect(headerOf(join(bundle.folder, runId, 'posterior.nc'))).toContain('group: posterior');
    }

    for (const engine of engines) {
      const posteriors = readPosteriors(bundle.folder, engine);
      expect(Object.keys(posteriors).sort()).toEqual(runIds);
      for (const { posterior, sample_stats } of Object.values(posteriors)) {
        for (const name of ['g1', 'g2', 'x', 'y'])
          expect(posterior[name], `${name} by ${engine}`).toMatchObject({ dims: ['chain', 'draw'], finite: true });
        for (const name of ['diverging', 'energy', 'acceptance_rate', 'step_size', 'lp', 'n_steps'])
          expect(sample_stats[name]?.dims[0], `${name} by ${engine}`).toBe('chain');
      }
    }
  } finally {
    rmSync(bundle.folder, { recursive: true });
  }
});

test('a bad file is refused with a reason, and the finished results stay', async () => {
  const table = page.getByTestId('results-table');
  const before = await table.textContent();
  await page.getByTestId('file-drop').setInputFiles({
    name: 'stamps.npy',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('this is a shopping list, not an array'),
  });
  await expect(page.getByTestId('error')).toContainText('stamps.npy');
  await expect(page.getByTestId('error')).toContainText(/npy/i);
  await screenshot(page, 'bad-file');
  await openTab(page, 'Results');
  expect(await table.textContent()).toBe(before);
  await expect(page.getByTestId('export')).toBeEnabled();
});

test('axe finds nothing on any tab, light or dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    for (const tab of ['Live', 'Results', 'Memory', 'Shader'] as const) {
      await openTab(page, tab);
      // The shortest kernel: the others are thousands of elements more of the same kinds.
      if (tab === 'Shader') await page.getByRole('button', { name: 'shear-metric.wgsl' }).click();
      await screenshot(page, `${tab.toLowerCase()}-${colorScheme}`);
      await expectNoViolations(page, `${tab}, ${colorScheme}`);
    }
  }
});

test('nothing is cut off at three widths', async () => {
  await page.emulateMedia({ colorScheme: 'light' });
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
    [390, 844],
  ]) {
    await page.setViewportSize({ width, height });
    for (const tab of ['Live', 'Results'] as const) {
      await openTab(page, tab);
      await screenshot(page, `${tab.toLowerCase()}-${width}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `${tab} is wider than ${width} px`).toBeLessThanOrEqual(0);
    }
  }
});

test('the browser reported no error all along', () => {
  expect(consoleErrors).toEqual([]);
});
