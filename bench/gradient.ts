/**
 * Gradients per second of our kernel shapes, jax-js (WebGPU and Wasm) and the f64 twin, all in one page of one Chromium; or all in
 * Deno, on wgpu.
 *
 *     npm run bench:gradient -- [--runtime deno] [--batches 1,8,64,256] [--shapes 1,8,32,64] [--rounds 3] [--ms 400]
 */
import { GpuContext } from '../src/gpu/context.ts';
import { currentRuntime } from '../src/gpu/report.ts';
import { integer, list } from './lib/arguments.ts';
import { type Comparison, compareGradients, type GradientOptions } from './lib/compare.ts';
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
const deno = currentRuntime() === 'deno';
const { comparison, runtime } = deno
  ? await compareHere()
  : await (await import('./lib/in-browser.ts')).compareInBrowser<GradientOptions, Comparison>('index', options);
const context = { ...before, loadAfter: load(), runtime, jax: packageVersion('@jax-js/jax') };
const name = deno ? 'gradient-deno' : 'gradient-chromium';
writeResults(name, gradientReport(comparison, context), { context, options, comparison });
// jax-js keeps its device and its workers.
if (deno) process.exit(0);

async function compareHere() {
  const gpu = await GpuContext.open();
  const comparison = await compareGradients(gpu, options, console.log);
  gpu.destroy();
  return { comparison, runtime: `Deno ${process.versions.deno}` };
}
