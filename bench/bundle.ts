/**
 * `npm run bench:bundle -- [items] [long]`: memory and time of writing a bundle, and of opening it again. A few galaxies are sampled for
 * real; each further item is a copy of one of them with draws of its own in memory, so that the store holds what a run of that
 * size would hold. Every `long`-th has 16 times the draws, as after rescues; none without it. Peaks are the kernel's own (VmHWM of Linux, reset before each measurement).
 */

import { openAsBlob, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipBundle } from '../src/bundle/zip.ts';
import { findWorkload, parseRunConfig } from '../src/engine/config/run-config.ts';
import { bundleEntries, wholeBundle } from '../src/engine/files/bundle-files.ts';
import { openBundle } from '../src/engine/files/open-bundle.ts';
import { planRun } from '../src/engine/plan/plan-run.ts';
import { RunController } from '../src/engine/run/controller.ts';
import type { DrawColumn, PosteriorItem } from '../src/results/posterior/item.ts';
import { posteriors } from '../src/results/posterior/narrow.ts';
import { summarizeItem } from '../src/results/posterior/summary.ts';
import { workloads } from '../src/workloads/index.ts';
import { machine } from './lib/machine.ts';

const MIB = 1024 ** 2;
const LONG = 16;

/** A line of /proc/self/status in MiB. */
function status(key: 'VmRSS' | 'VmHWM'): number {
  const line = readFileSync('/proc/self/status', 'utf8').match(new RegExp(`${key}:\\s+(\\d+) kB`));
  return Number(line![1]) / 1024;
}

interface Measured {
  readonly seconds: number;
  readonly beforeMiB: number;
  readonly peakMiB: number;
}

async function measure(work: () => Promise<void>): Promise<Measured> {
  writeFileSync('/proc/self/clear_refs', '5');
  const beforeMiB = status('VmRSS');
  const start = performance.now();
  await work();
  return { seconds: (performance.now() - start) / 1000, beforeMiB, peakMiB: status('VmHWM') };
}

function report(what: string, { seconds, beforeMiB, peakMiB }: Measured): void {
  const above = (peakMiB - beforeMiB).toFixed(0);
  console.log(
    `${what}: ${seconds.toFixed(1)} s, ${beforeMiB.toFixed(0)} MiB before, peak ${peakMiB.toFixed(0)} MiB: ${above} MiB more`,
  );
}

/** The same posterior under another name, with memory of its own, and its draws so many times. */
function copyOf(item: PosteriorItem, index: number, times: number): PosteriorItem {
  const own = (columns: readonly DrawColumn[]) =>
    columns.map(({ name, values }) => {
      const repeated = values.constructor as new (length: number) => typeof values;
      const all = new repeated(times * values.length);
      for (let i = 0; i < times; i++) all.set(values, i * values.length);
      // Equal numbers would pack better than real ones.
      if (all instanceof Float64Array) for (let i = 0; i < all.length; i++) all[i] *= 1 + 1e-9 * (index + i);
      return { name, values: all };
    });
  const seed = 100_000 + index;
  const info = { ...item.info, index, seed, runId: `${item.info.runId.replace(/_s\d+$/, '')}_s${seed}` };
  return { ...item, info, draws: times * item.draws, parameters: own(item.parameters), stats: own(item.stats) };
}

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 1000);
  const long = Number(process.argv[3] ?? Number.POSITIVE_INFINITY);
  const { cpu, threads, date } = machine();
  console.log(`${cpu}, ${threads} threads, Node ${process.versions.node}, ${date}`);
  const config = parseRunConfig({ workload: 'shear', preset: 'quick', params: { realizations: 1 } });
  const run = new RunController({
    plan: planRun(findWorkload('shear', workloads), config, {}, null),
    gpu: null,
    listener: {},
  });
  await run.run();
  const sampled = posteriors(run.store.items());
  for (let index = sampled.length; index < count; index++) {
    const item = copyOf(sampled[index % sampled.length], index, index % long === long - 1 ? LONG : 1);
    run.store.put(item, summarizeItem(item));
  }
  const { chains, draws } = sampled[0];
  console.log(`${count} items of ${chains} × ${draws} draws, ${sampled.length} of them sampled, the others copies`);
  const items = posteriors(run.store.items());
  const rows = items.reduce((sum, item) => sum + item.chains * item.draws, 0);
  const padded = items.length * chains * Math.max(...items.map((item) => item.draws));
  console.log(`${rows} draws in all; padded to the longest item ${padded}`);

  const path = join(tmpdir(), `lockstep-bench-${process.pid}.zip`);
  try {
    let all = 0;
    const alone = await measure(async () => {
      const entries = await bundleEntries({ run, report: null });
      const file = await entries.find((entry) => entry.path === 'posterior_all.nc')!.make();
      if ('pieces' in file) for await (const piece of file.pieces) all += piece.length;
    });
    report(`posterior_all.nc alone, ${(all / MIB).toFixed(1)} MiB, ${(all / rows).toFixed(1)} bytes a draw`, alone);
    const bundle = await wholeBundle({ run, report: null });
    const written = await measure(async () => {
      const file = await open(path, 'w');
      for await (const bytes of zipBundle(bundle.files)) await file.write(bytes);
      await file.close();
    });
    report(`written, ${bundle.count} files, ${(statSync(path).size / MIB).toFixed(0)} MiB`, written);
    const blob = await openAsBlob(path);
    let opened = '';
    const read = await measure(async () => {
      opened = (await openBundle('bench.zip', blob, workloads)).resultId;
    });
    report('opened, all draws in memory', read);
    if (opened !== bundle.resultId()) throw new Error(`opened ${opened}, written ${bundle.resultId()}`);
  } finally {
    unlinkSync(path);
  }
}

await main();
