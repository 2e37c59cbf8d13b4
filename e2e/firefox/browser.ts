/**
 * Firefox for the tests: a stock build driven through WebDriver BiDi (Playwright drives only its own build), with WebGPU switched
 * on and, on Linux, Mesa's lavapipe as the Vulkan driver, so that the lane gives the same numbers with and without a GPU.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Page } from 'puppeteer-core';
import { findFirefox, findLavapipe } from '../../scripts/locate.mjs';
import { WORK_MS } from '../limits.ts';

export interface FirefoxSession {
  newPage(): Promise<Page>;
  /** Where this session's files belong: downloads and the like; deleted by `close`. */
  readonly folder: string;
  close(): Promise<void>;
}

export async function launchFirefox(): Promise<FirefoxSession> {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error('No Firefox found: install firefox-esr, or set FIREFOX_PATH to its executable.');
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-firefox-'));
  const home = join(folder, 'home');
  const runtime = join(folder, 'runtime');
  mkdirSync(home);
  mkdirSync(runtime, { mode: 0o700 });
  const lavapipe = findLavapipe();
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    timeout: WORK_MS,
    protocolTimeout: WORK_MS,
    env: {
      ...process.env,
      HOME: home,
      XDG_RUNTIME_DIR: runtime,
      ...(lavapipe ? { VK_DRIVER_FILES: lavapipe } : {}),
    },
    extraPrefsFirefox: {
      'dom.webgpu.enabled': true,
      'dom.webgpu.workers.enabled': true,
      'gfx.webgpu.ignore-blocklist': true,
      'browser.download.folderList': 2,
      'browser.download.dir': folder,
      'browser.helperApps.neverAsk.saveToDisk': 'application/zip',
    },
  });
  return {
    folder,
    async newPage() {
      const page = await browser.newPage();
      page.setDefaultTimeout(WORK_MS);
      return page;
    },
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
