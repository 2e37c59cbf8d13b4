import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/locate.mjs';
import { type UnpackedBundle, unpack } from '../bundle.ts';
import { lockstepOk } from '../cli/lockstep.ts';
import { WORK_MS } from '../limits.ts';
import { largestDistanceInMcse } from '../posteriors.ts';
import { type FirefoxSession, launchFirefox } from './browser.ts';

let server: PreviewServer;
let firefox: FirefoxSession;
let page: Page;
let bundle: UnpackedBundle | undefined;

beforeAll(async () => {
  server = await preview({ root, logLevel: 'error', preview: { host: '127.0.0.1', port: 4390, strictPort: false } });
  firefox = await launchFirefox();
  page = await firefox.newPage();
});

afterAll(async () => {
  await firefox?.close();
  await server?.close();
  if (bundle) rmSync(bundle.folder, { recursive: true });
});

/** Text of the element with that test id once it matches; a wait for what never comes fails with the last text seen. */
async function textOf(testId: string, pattern: RegExp): Promise<string> {
  const deadline = performance.now() + WORK_MS;
  for (let text = ''; ; await wait(100)) {
    text = await page.evaluate((id) => document.querySelector(`[data-testid="${id}"]`)?.textContent ?? '', testId);
    if (pattern.test(text)) return text;
    if (performance.now() > deadline) throw new Error(`"${testId}" did not come to ${pattern}; it says "${text}".`);
  }
}

/** The zip in Firefox's download folder, once it is complete (Firefox writes to a .part file first). */
async function downloaded(): Promise<Uint8Array> {
  for (; ; await wait(100)) {
    const files = readdirSync(firefox.folder);
    const zip = files.find((file) => file.endsWith('.zip'));
    if (!zip || files.some((file) => file.endsWith('.part'))) continue;
    const bytes = readFileSync(join(firefox.folder, zip));
    if (bytes.length > 0) return bytes;
  }
}

test('Firefox runs the quick preset to the end and exports it', async () => {
  await page.goto(`${server.resolvedUrls?.local[0]}?preset=quick&draws=120&warmup=32&rescue=false`);
  await textOf('status', /^idle$/);
  await page.waitForSelector('[data-testid="run"]:not([disabled])');
  expect(await page.$('[data-testid="no-webgpu-banner"]')).toBeNull();
  await page.click('[data-testid="run"]');
  expect(await textOf('status', /done|failed/)).toBe('done');
  await textOf('adapter-badge', /f32 ✓/);
  await page.click('[data-testid="export"]');
  bundle = unpack(await downloaded());
  expect(bundle.files.some((file) => file.endsWith('posterior.nc'))).toBe(true);
});

test('its posteriors equal those of the command line on another WebGPU within Monte Carlo error', async () => {
  if (!bundle) throw new Error('Firefox exported nothing to compare.');
  const folder = join(firefox.folder, 'command-line');
  const few = ['--draws', '120', '--warmup', '32', '--rescue', 'false'];
  await lockstepOk('run', '--preset', 'quick', ...few, '--output-dir', folder);
  expect(largestDistanceInMcse(bundle.folder, folder)).toBeLessThan(5);
});
