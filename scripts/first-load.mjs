/**
 * Weight of the page's first load: what a browser really fetches from a build of the page before anyone touches it. The page is
 * opened in Chromium with WebGPU and the server notes each file it hands out, so scripts of workers, preloads, style sheets,
 * fonts and icons all count, each at its size after gzip.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { findChromium, root } from './locate.mjs';
import { freePort, loopback } from './ports.mjs';

/** Upper bound for the first load, in bytes after gzip (220 KB). */
export const firstLoadLimitBytes = 220_000;
/** Nothing requested for this long after a run could start: the page has loaded. */
const quietMs = 1500;
/** A slow machine takes its time until a run could start; a page that never comes so far is broken. */
const patienceMs = 300_000;

/** Where a static web host would look for the file of a request path. @param {string} url */
const fileOf = (url) => {
  const path = decodeURIComponent(new URL(url, 'http://page').pathname);
  return path.endsWith('/') ? `${path}index.html` : path;
};

/**
 * @param {string} folder the built page, absolute
 * @returns {Promise<{file: string, bytes: number}[]>} each file fetched with its bytes after gzip, largest first
 */
export async function measureFirstLoad(folder = join(root, 'dist')) {
  const { preview } = await import('vite');
  const { chromium } = await import('playwright');
  const { webgpuFlags } = await import('./flags.mjs');
  /** @type {Map<string, number>} */
  const fetched = new Map();
  let lastRequest = performance.now();
  const note = {
    name: 'note-requests',
    /** @param {import('vite').PreviewServer} server */
    configurePreviewServer(server) {
      server.middlewares.use((request, _response, next) => {
        lastRequest = performance.now();
        const file = fileOf(request.url ?? '/');
        try {
          fetched.set(file, gzipSync(readFileSync(join(folder, file))).byteLength);
        } catch {
          console.error(`  the page asks for ${file}, which the build does not have`);
        }
        next();
      });
    },
  };
  const port = await freePort(4280);
  const server = await preview({
    configFile: false,
    root,
    logLevel: 'error',
    plugins: [note],
    build: { outDir: folder },
    preview: { host: loopback, port, strictPort: true },
  });
  const browser = await chromium.launch({ executablePath: findChromium(), args: webgpuFlags });
  try {
    const page = await browser.newPage();
    await page.goto(`http://${loopback}:${port}/`, { waitUntil: 'load' });
    await page.waitForSelector('[data-testid=run]:not([disabled])', { timeout: patienceMs });
    const deadline = performance.now() + patienceMs;
    while (performance.now() - lastRequest < quietMs && performance.now() < deadline) await wait(100);
  } finally {
    await browser.close();
    await server.close();
  }
  return [...fetched].map(([file, bytes]) => ({ file, bytes })).sort((a, b) => b.bytes - a.bytes);
}
