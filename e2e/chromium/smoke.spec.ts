import { expect, type Page, test } from 'playwright/test';
import { expectedSquares, probe, probeInWorker } from '../probe.ts';

/** An empty page on the loopback address: WebGPU needs a secure context, and the real page is not what is tested here. */
async function openEmptyPage(page: Page) {
  await page.route('**/empty.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="en"><title>Empty</title></html>' }),
  );
  await page.goto('empty.html');
}

test.beforeEach(({ page }) => openEmptyPage(page));

test('WebGPU computes in a page of this Chromium', async ({ page }) => {
  const result = await page.evaluate(probe);
  expect(result.adapter).toBe(true);
  expect(result.squares).toEqual(expectedSquares);
});

test('WebGPU computes in a dedicated worker of this Chromium', async ({ page }) => {
  const result = await page.evaluate(probeInWorker, probe.toString());
  expect(result.adapter).toBe(true);
  expect(result.squares).toEqual(expectedSquares);
  expect(result.features).toContain('timestamp-query');
});
