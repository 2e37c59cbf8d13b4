import { expect, test } from 'playwright/test';
import { probe } from '../probe.ts';

test('this Chromium has no WebGPU adapter, as the tests of the twin assume', async ({ page }) => {
  await page.route('**/empty.html', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.goto('empty.html');
  expect((await page.evaluate(probe)).adapter).toBe(false);
});
