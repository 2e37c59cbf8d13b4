import { expect, type Page, test } from 'playwright/test';
import { WORK_MS } from '../limits.ts';
import { expectedSquares, probe, probeInWorker } from '../probe.ts';
import { exportBundle, openLockstep, runToEnd } from './lockstep-page.ts';

/** An empty page on the loopback address: WebGPU needs a secure context, and the real page is not what is tested here. */
async function openEmptyPage(page: Page) {
  await page.route('**/empty.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="en"><title>Empty</title></html>' }),
  );
  await page.goto('empty.html');
}

test('WebGPU computes in a page of this Chromium', async ({ page }) => {
  await openEmptyPage(page);
  const result = await page.evaluate(probe);
  expect(result.adapter).toBe(true);
  expect(result.squares).toEqual(expectedSquares);
});

test('WebGPU computes in a dedicated worker of this Chromium', async ({ page }) => {
  await openEmptyPage(page);
  const result = await page.evaluate(probeInWorker, probe.toString());
  expect(result.adapter).toBe(true);
  expect(result.squares).toEqual(expectedSquares);
  expect(result.features).toContain('timestamp-query');
});

test('the built page keeps its content policy in all it does, and no script that stands in the page runs', async ({
  page,
}) => {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().includes('/assets/engine.worker')),
    openLockstep(page, { preset: 'quick', shearGrid: '0.01', realizations: '2', warmup: '8', draws: '8' }),
  ]);
  expect(answer.headers()['content-security-policy'], 'of the workers, too').toContain("script-src 'self'");
  const policy = await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(/script-src [^;]*/.exec(policy!)![0]).not.toMatch(/unsafe-inline|'unsafe-eval|blob:|\*/);
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await expect(page.getByText('Loading', { exact: true })).toHaveCount(0);
  }
  await runToEnd(page, WORK_MS);
  // HDF5's WebAssembly.
  expect((await exportBundle(page)).name).toMatch(/\.zip$/);
  expect(violations).toEqual([]);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.head.append(script);
  });
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
});
