/** Half precision where it is real: Firefox computes with wgpu on lavapipe, which has shader-f16. */
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/locate.mjs';
import { type FirefoxSession, launchFirefox } from './browser.ts';

const network = join(root, 'tests/flow/fixtures/gaussian.safetensors');
const query = 'workload=flow&task=gaussian&observation=1&solver=midpoint&steps=5';
/** Most that the way of a sample in halves may differ from that in f32, which began from the same noise, over the rms. */
const PARITY_LIMIT = 5e-3;

let server: PreviewServer;
let firefox: FirefoxSession;
let page: Page;

beforeAll(async () => {
  server = await preview({ root, logLevel: 'error', preview: { host: '127.0.0.1', port: 4391, strictPort: false } });
  firefox = await launchFirefox();
  page = await firefox.newPage();
});

afterAll(async () => {
  await firefox?.close();
  await server?.close();
});

test('samples in f16 and in f16-storage are those in f32 within the error of a half', async () => {
  await page.goto(`${server.resolvedUrls?.local[0]}?${query}#live.precisions`);
  await page.waitForSelector('[data-testid="run"]:not([disabled])');
  const drop = (await page.waitForSelector('[data-testid="file-drop"]')) as ElementHandle<HTMLInputElement>;
  await drop.uploadFile(network);
  await page.waitForFunction(() => document.body.textContent?.includes('a network for gaussian, 2 layers of 32'));
  await page.select('[data-testid="precisions-points"]', '1000');
  await page.click('[data-testid="precisions-compare"]:not([disabled])');
  await page.waitForSelector('[data-testid="precisions-table"]');
  const rows = await page.$$eval('[data-testid="precisions-table"] tbody tr', (found) =>
    found.map((row) => [...row.querySelectorAll('td')].map(({ textContent }) => textContent ?? '')),
  );
  expect(rows.map(([precision]) => precision)).toEqual(['f32', 'f16-storage', 'f16']);
  for (const [precision, ...cells] of rows.slice(1)) {
    // "4.1e−4", then the same of the samples.
    const largest = Number(
      /^(\d\.\de−\d)of samples/m.exec(cells.find((cell) => cell.includes('of samples')) ?? '')?.[1].replace('−', '-'),
    );
    expect(largest, `${precision} against f32`).toBeLessThan(PARITY_LIMIT);
    // Equal bits would mean that nothing was rounded to halves.
    expect(largest, `${precision} against f32`).toBeGreaterThan(1e-5);
    expect(
      cells.filter((cell) => cell.endsWith('×0.50')),
      `activations in ${precision}`,
    ).toHaveLength(1);
  }
});
