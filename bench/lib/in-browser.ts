/** Runs a benchmark in a page of Chromium, served by vite. */
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { plainFlags, webgpuFlags } from '../../scripts/flags.mjs';
import { findChromium } from '../../scripts/locate.mjs';
import { descendantsProcessorMs } from './processor-time.ts';

export interface BrowserOptions {
  /** False: as on a plain static host, where pages share no memory between threads. */
  readonly isolated?: boolean;
  /** False: a browser without WebGPU. */
  readonly gpu?: boolean;
  /** Gives the page `processorMs()`, of the whole browser. */
  readonly processorTime?: boolean;
  /** Functions of this program that the page may call, by name. */
  readonly exposed?: Readonly<Record<string, (given: never) => unknown>>;
}

/** What `window.bench(options)` of a page under bench/page comes to, and the browser's name and version. */
export async function compareInBrowser<Options, Result>(
  pageName: string,
  options: Options,
  { isolated = true, gpu = true, processorTime = false, exposed = {} }: BrowserOptions = {},
): Promise<{ comparison: Result; runtime: string }> {
  const open = { 'Cross-Origin-Opener-Policy': 'unsafe-none', 'Cross-Origin-Embedder-Policy': 'unsafe-none' };
  const server = await createServer({
    configFile: 'bench/vite.config.ts',
    root: '.',
    logLevel: 'warn',
    server: { port: 4517, ...(isolated ? {} : { headers: open }) },
  });
  await server.listen();
  const address = server.resolvedUrls?.local[0] ?? '';
  // The machine's own GPU where LOCKSTEP_BENCH_GPU is set; SwiftShader otherwise, which every machine has.
  const own = process.env.LOCKSTEP_BENCH_GPU ? [...plainFlags, '--enable-unsafe-webgpu'] : webgpuFlags;
  const browser = await chromium.launch({ executablePath: findChromium(), args: gpu ? own : plainFlags });
  try {
    const page = await browser.newPage();
    if (processorTime) await page.exposeFunction('processorMs', descendantsProcessorMs);
    for (const [name, call] of Object.entries(exposed)) await page.exposeFunction(name, call);
    page.on('console', (message) => console.log(message.text()));
    page.on('pageerror', (error) => console.error(error.message));
    await page.goto(`${address}bench/page/${pageName}.html`);
    await page.waitForFunction(() => 'bench' in window, undefined, { timeout: 120_000 });
    // The page's own `bench`, of whichever page it is; playwright's types want a plain function of plain values.
    const comparison = await page.evaluate(
      (given) => (window as unknown as { bench: (given: unknown) => Promise<unknown> }).bench(given),
      options as unknown,
    );
    return { comparison: comparison as Result, runtime: `Chromium ${browser.version()}` };
  } finally {
    await browser.close();
    await server.close();
  }
}
