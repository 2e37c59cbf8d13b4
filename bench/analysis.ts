/**
 * Derivatives of the model that ships (gradient of the loss, integrated gradients, Hessian · vector): ours on a device, jax-js (WebGPU and Wasm) in the
 * same page of one Chromium, and PyTorch on the CPU beside it. Everybody's numbers are compared with the f64 twin's before anything is timed.
 *
 *     npm run bench:analysis -- [--runtime deno] [--texts 8] [--length 40] [--path-texts 4] [--nodes 16] [--rounds 5] [--ms 300] [--python python3] [--only gradient] [--name analysis-chromium]
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { GpuContext } from '../src/gpu/context.ts';
import { currentRuntime } from '../src/gpu/report.ts';
import { setShippedFiles } from '../src/workloads/shipped-files.ts';
import { type AnalysisComparison, type AnalysisOptions, compareAnalyses } from './lib/analysis/compare.ts';
import { analysisProblem, QUANTITIES } from './lib/analysis/problem.ts';
import { analysisReport } from './lib/analysis/report.ts';
import { startTorch, type Torch } from './lib/analysis/torch.ts';
import { integer, text } from './lib/arguments.ts';
import type { JaxBackend } from './lib/jax.ts';
import { load, machine, packageVersion } from './lib/machine.ts';
import { ownProcessorMs } from './lib/processor-time.ts';
import { writeResults } from './lib/table.ts';

setShippedFiles(async (path) => new Uint8Array(await readFile(`public/${path}`)));
const only = text('--only', '');
const options: AnalysisOptions = {
  texts: integer('--texts', 8),
  length: integer('--length', 40),
  pathTexts: integer('--path-texts', 4),
  nodes: integer('--nodes', 16),
  rounds: integer('--rounds', 5),
  targetMs: integer('--ms', 300),
  quantities: QUANTITIES.filter((each) => each.startsWith(only)),
  jax: text('--jax', 'webgpu,wasm').split(',') as JaxBackend[],
  ceilings: text('--ceilings', 'yes') === 'yes',
};
const before = machine();
const deno = currentRuntime() === 'deno';
let torch: Torch | undefined;
let withoutTorch: string | undefined;
try {
  torch = await startTorch(text('--python', 'python3'), await analysisProblem(options), availableParallelism());
} catch (error) {
  withoutTorch = error instanceof Error ? error.message : String(error);
}
try {
  const { comparison, runtime } = deno ? await compareHere() : await compareInPage();
  const versions = { jax: packageVersion('@jax-js/jax'), torch: torch?.version ?? `none (${withoutTorch})` };
  const context = { ...before, loadAfter: load(), runtime, versions };
  const name = text(
    '--name',
    ['analysis', deno ? 'deno' : 'chromium', ...(only ? [only.split(' ')[0]] : [])].join('-'),
  );
  writeResults(name, analysisReport(comparison, context, options), { context, options, comparison });
} finally {
  torch?.close();
}
// jax-js keeps its device and its workers.
if (deno) process.exit(0);

async function compareInPage() {
  const { compareInBrowser } = await import('./lib/in-browser.ts');
  return compareInBrowser<AnalysisOptions, AnalysisComparison>('analysis', options, {
    processorTime: true,
    exposed: torch ? { torch: torch.ask } : {},
  });
}

async function compareHere() {
  const gpu = await GpuContext.open();
  const outside = { torch: torch?.ask, processor: ownProcessorMs };
  const comparison = await compareAnalyses(gpu, options, outside, console.log);
  gpu.destroy();
  return { comparison, runtime: `Deno ${process.versions.deno}` };
}
