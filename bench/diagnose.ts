/**
 * How long the page takes to diagnose ten thousand posteriors of level0's size, and whether it stays responsive meanwhile.
 *
 *     npm run bench:diagnose -- [--items 10000] [--chains 4] [--draws 320]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { plainFlags } from '../scripts/flags.mjs';
import { findChromium } from '../scripts/locate.mjs';
import { integer } from './lib/arguments.ts';
import { load, machine } from './lib/machine.ts';
import { figure, table, writeResults } from './lib/table.ts';
import type { DiagnoseReport } from './page/diagnose.tsx';

const request = {
  items: integer('--items', 10_000),
  chains: integer('--chains', 4),
  draws: integer('--draws', 320),
};

const before = machine();
const outDir = join('node_modules', '.cache', 'lockstep-bench', 'diagnose-page');
const input = join('bench', 'page', 'diagnose.html');
await build({ logLevel: 'warn', publicDir: false, build: { outDir, emptyOutDir: true, rolldownOptions: { input } } });
const server = await preview({ logLevel: 'warn', preview: { host: '127.0.0.1', port: 4527 }, build: { outDir } });
const browser = await chromium.launch({ executablePath: findChromium(), args: plainFlags });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`${server.resolvedUrls?.local[0]}bench/page/diagnose.html`);
  await page.waitForFunction(() => 'diagnoseDraws' in window, undefined, { timeout: 120_000 });
  await page.evaluate((r) => window.makeDraws(r), request);
  const cpuBefore = await threadSeconds();
  const report: DiagnoseReport = await page.evaluate((items) => window.diagnoseDraws(items), request.items);
  const cpuAfter = await threadSeconds();
  const cpu = { worker: cpuAfter.worker - cpuBefore.worker, page: cpuAfter.page - cpuBefore.page };
  const { frames: _, ...numbers } = report;
  const context = { ...before, loadAfter: load(), browser: `Chromium ${browser.version()}` };
  writeResults('diagnose', markdown(report, cpu, context), {
    context,
    request,
    ...numbers,
    cpuSeconds: cpu,
    frames: frameFigures(report),
  });
} finally {
  await browser.close();
  await server.close();
}

/**
 * Processor seconds of the page's thread and of its worker so far, from Linux: unlike wall time they say what the work takes on a
 * machine that others use, too. NaN elsewhere.
 */
async function threadSeconds(): Promise<{ page: number; worker: number }> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const ticksPerSecond = 100;
  let [pageTicks, workerTicks] = [0, 0];
  for (const { id } of processInfo.filter(({ type }) => type === 'renderer')) {
    const tasks = join('/proc', String(id), 'task');
    if (!existsSync(tasks)) return { page: Number.NaN, worker: Number.NaN };
    for (const thread of readdirSync(tasks)) {
      const [, name, rest] = /\((.*)\) (.*)/.exec(readFileSync(join(tasks, thread, 'stat'), 'utf8'))!;
      const fields = rest.split(' ');
      const ticks = Number(fields[11]) + Number(fields[12]);
      if (name.startsWith('DedicatedWorker')) workerTicks += ticks;
      else if (thread === String(id)) pageTicks += ticks;
    }
  }
  return { page: pageTicks / ticksPerSecond, worker: workerTicks / ticksPerSecond };
}

function frameFigures({ frames }: DiagnoseReport) {
  const sorted = frames.toSorted((a, b) => a - b);
  const quantile = (p: number) => sorted[Math.floor(p * (sorted.length - 1))];
  return {
    count: frames.length,
    medianMs: quantile(0.5),
    p95Ms: quantile(0.95),
    longestMs: quantile(1),
    beyond50: frames.filter((ms) => ms > 50).length,
    beyond100: frames.filter((ms) => ms > 100).length,
  };
}

function markdown(
  report: DiagnoseReport,
  cpu: { page: number; worker: number },
  context: typeof before & { loadAfter: number; browser: string },
): string {
  const frames = frameFigures(report);
  const seconds = (ms: number) => `${figure(ms / 1000)} s`;
  const ms = (value: number) => `${figure(value)} ms`;
  const rows = [
    ['Processor time of the worker', seconds(1000 * cpu.worker)],
    ['Processor time of the page’s thread', seconds(1000 * cpu.page)],
    ['Diagnostics alone, one worker', seconds(report.busyMs)],
    ['First item to last, one worker', seconds(report.wallMs)],
    ['First item until the page shows all', seconds(report.shownMs)],
    ['One posterior', ms(report.busyMs / request.items)],
    ['Frames meanwhile', figure(frames.count)],
    ['Distance of frames, median', ms(frames.medianMs)],
    ['Distance of frames, 95 %', ms(frames.p95Ms)],
    ['Longest distance of frames', ms(frames.longestMs)],
    ['Frames above 50 ms', figure(frames.beyond50)],
    ['Frames above 100 ms', figure(frames.beyond100)],
    ['Tasks above 50 ms in the page', figure(report.longTasks.length)],
  ];
  return [
    '# Diagnosing in the page',
    '',
    `${figure(request.items)} posteriors of ${request.chains} chains × ${request.draws} draws and four parameters (AR(1), each with draws of its own): split R̂, bulk and tail ESS, MCSE, quantiles, E-BFMI, divergences, moments and ranks of the truth, as for every finished item of a run. The results view is on screen and takes every summary as it comes.`,
    '',
    table(['', 'seen'], rows),
    '',
    `${context.cpu}, ${context.threads} threads, load ${context.loadBefore} before and ${context.loadAfter} after; ${context.browser}, without a GPU; commit ${context.commit}, ${context.date}.`,
  ].join('\n');
}
