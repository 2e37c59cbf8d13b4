/** Runs the comparison in a page of Chromium, served by vite. */
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { plainFlags, webgpuFlags } from '../../scripts/flags.mjs';
import { findChromium } from '../../scripts/locate.mjs';
import type { Comparison, GradientOptions } from './compare.ts';

/** The result, and the browser's name and version. */
export async function compareInBrowser(options: GradientOptions): Promise<{ comparison: Comparison; runtime: string }> {
  const server = await createServer({
    configFile: 'bench/vite.config.ts',
    root: '.',
    logLevel: 'warn',
    server: { port: 4517 },
  });
  await server.listen();
  const address = server.resolvedUrls?.local[0] ?? '';
  // The machine's own GPU where LOCKSTEP_BENCH_GPU is set; SwiftShader otherwise, which every machine has.
  const args = process.env.LOCKSTEP_BENCH_GPU ? [...plainFlags, '--enable-unsafe-webgpu'] : webgpuFlags;
  const browser = await chromium.launch({ executablePath: findChromium(), args });
  try {
    const page = await browser.newPage();
    page.on('console', (message) => console.log(message.text()));
    page.on('pageerror', (error) => console.error(error.message));
    await page.goto(`${address}bench/page/index.html`);
    await page.waitForFunction(() => 'bench' in window, undefined, { timeout: 120_000 });
    const comparison = await page.evaluate((given) => window.bench(given), options);
    return { comparison, runtime: `Chromium ${browser.version()}` };
  } finally {
    await browser.close();
    await server.close();
  }
}
