/**
 * Gradients per second of our kernel shapes, jax-js (WebGPU and Wasm) and the f64 twin, all in one page of one Chromium.
 *
 *     npm run bench:gradient -- [--batches 1,8,64,256] [--rounds 3] [--ms 400]
 */
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { plainFlags, webgpuFlags } from '../scripts/flags.mjs';
import { findChromium } from '../scripts/locate.mjs';
import { integer, list } from './lib/arguments.ts';
import type { Comparison, GradientOptions } from './lib/compare.ts';
import { load, machine, packageVersion } from './lib/machine.ts';
import { gradientReport } from './lib/report-gradient.ts';
import { writeResults } from './lib/table.ts';

const options: GradientOptions = {
  batches: list('--batches', [1, 8, 64, 256]),
  shapes: list('--shapes', [1, 8, 32, 64]),
  backends: ['webgpu', 'wasm'],
  rounds: integer('--rounds', 3),
  targetMs: integer('--ms', 400),
};

const before = machine();
const server = await createServer({
  configFile: 'bench/vite.config.ts',
  root: '.',
  logLevel: 'warn',
  server: { port: 4517 },
});
await server.listen();
const address = server.resolvedUrls?.local[0] ?? '';
// The machine's own GPU where it has one: LOCKSTEP_BENCH_GPU=1; SwiftShader otherwise.
const args = process.env.LOCKSTEP_BENCH_GPU ? [...plainFlags, '--enable-unsafe-webgpu'] : webgpuFlags;
const browser = await chromium.launch({ executablePath: findChromium(), args });
try {
  const page = await browser.newPage();
  page.on('console', (message) => console.log(message.text()));
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`${address}bench/page/index.html`);
  await page.waitForFunction(() => 'bench' in window, undefined, { timeout: 120_000 });
  const comparison: Comparison = await page.evaluate((o) => window.bench(o), options);
  const context = {
    ...before,
    loadAfter: load(),
    browser: `Chromium ${browser.version()}`,
    jax: packageVersion('@jax-js/jax'),
  };
  writeResults('gradient', gradientReport(comparison, context), { context, options, comparison });
} finally {
  await browser.close();
  await server.close();
}
