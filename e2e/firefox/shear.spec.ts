import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/locate.mjs';
import { type UnpackedBundle, unpack } from '../bundle.ts';
import { lockstepOk } from '../cli/lockstep.ts';
import { largestDistanceInMcse } from '../posteriors.ts';
import { type FirefoxSession, launchFirefox } from './browser.ts';

let server: PreviewServer;
let firefox: FirefoxSession;
let page: Page;
let bundle: UnpackedBundle | undefined;

beforeAll(async () => {
  server = await preview({ root, logLevel: 'error', preview: { host: '127.0.0.1', port: 4390, strictPort: false } });
  firefox = await launchFirefox();
  page = await firefox.browser.newPage();
});

afterAll(async () => {
  await firefox?.close();
  await server?.close();
  if (bundle) rmSync(bundle.folder, { recursive: true });
});

/** Text of the element with that test id once it matches; fails with the last text seen. */
async function textOf(testId: string, pattern: RegExp, limitMs: number): Promise<string> {
  const deadline = performance.now() + limitMs;
  let text = '';
  while (performance.now() < deadline) {
    text = await page.evaluate((id) => document.querySelector(`[data-testid="${id}"]`)?.textContent ?? '', testId);
    if (pattern.test(text)) return text;
    await wait(250);
  }
  throw new Error(`"${testId}" did not come to ${pattern} within ${limitMs / 1000} s; it says "${text}".`);
}

/** The zip in Firefox's download folder, once it is complete (Firefox writes to a .part file first). */
async function downloaded(limitMs: number): Promise<Uint8Array> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    const files = readdirSync(firefox.folder);
    const zip = files.find((file) => file.endsWith('.zip'));
    if (zip && !files.some((file) => file.endsWith('.part'))) {
      const bytes = readFileSync(join(firefox.folder, zip));
      if (bytes.length > 0) return bytes;
    }
    await wait(250);
  }
  throw new Error(`No zip was downloaded within ${limitMs / 1000} s.`);
}

test('Firefox runs the quick preset to the end and exports it', async () => {
  await page.goto(`${server.resolvedUrls?.local[0]}?preset=quick`);
  await textOf('status', /^idle$/, 30_000);
  await page.waitForSelector('[data-testid="run"]:not([disabled])');
  expect(await page.$('[data-testid="no-webgpu-banner"]')).toBeNull();
  await page.click('[data-testid="run"]');
  expect(await textOf('status', /done|failed/, 150_000)).toBe('done');
  await textOf('adapter-badge', /f32 ✓/, 10_000);
  await page.click('[data-testid="export"]');
  bundle = unpack(await downloaded(60_000));
  expect(bundle.files.some((file) => file.endsWith('posterior.nc'))).toBe(true);
});

test('its posteriors equal those of the command line on another WebGPU within Monte Carlo error', async () => {
  if (!bundle) throw new Error('Firefox exported nothing to compare.');
  const folder = join(firefox.folder, 'command-line');
  await lockstepOk('run', '--preset', 'quick', '--output-dir', folder);
  expect(largestDistanceInMcse(bundle.folder, folder)).toBeLessThan(5);
});
