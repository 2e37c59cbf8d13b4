/**
 * Samples per second of our sampler on GPU and CPU, jax-js (WebGPU and Wasm), ONNX Runtime Web (WebGPU and Wasm) and the f64 twin, all in one page of one
 * Chromium; or, without ONNX Runtime Web, in Deno on wgpu, which has half precision.
 *
 *     npm run bench:flow -- [--runtime deno] [--batches 1,8,64,512,1024,8192] [--rounds 3] [--ms 500] [--threads 2] [--limit 25] [--width 128]
 *
 * `--threads 1` serves the page without isolation from other origins, as a plain static host does. `--gpu no` leaves WebGPU out.
 */
import { availableParallelism } from 'node:os';
import { GpuContext } from '../src/gpu/context.ts';
import { currentRuntime } from '../src/gpu/report.ts';
import { integer, list, text } from './lib/arguments.ts';
import { compareSamplers, type FlowComparison, type FlowOptions } from './lib/flow/compare.ts';
import { flowReport } from './lib/flow/report.ts';
import { load, machine, packageVersion } from './lib/machine.ts';
import { writeResults } from './lib/table.ts';

const options: FlowOptions = {
  batches: list('--batches', [1, 8, 64, 512, 1024, 8192]),
  rounds: integer('--rounds', 3),
  targetMs: integer('--ms', 500),
  threads: integer('--threads', availableParallelism()),
  limitS: integer('--limit', 25),
  width: integer('--width', 0) || undefined,
};
const withGpu = text('--gpu', 'yes') !== 'no';

const before = machine();
const deno = currentRuntime() === 'deno';
const { comparison, runtime } = deno
  ? await compareHere()
  : await (await import('./lib/in-browser.ts')).compareInBrowser<FlowOptions, FlowComparison>('flow', options, {
      isolated: options.threads > 1,
      gpu: withGpu,
    });
const versions = { jax: packageVersion('@jax-js/jax'), onnx: packageVersion('onnxruntime-web') };
const context = { ...before, loadAfter: load(), runtime, versions };
const name = [
  'flow',
  deno ? 'deno' : 'chromium',
  ...(options.width ? [`width-${options.width}`] : []),
  ...(withGpu ? [] : ['cpu']),
  ...(options.threads > 1 ? [] : ['one-thread']),
];
writeResults(name.join('-'), flowReport(comparison, context), { context, options, comparison });
// jax-js keeps its device and its workers.
if (deno) process.exit(0);

async function compareHere() {
  const gpu = withGpu ? await GpuContext.open() : null;
  const comparison = await compareSamplers(gpu, null, options, console.log);
  gpu?.destroy();
  return { comparison, runtime: `Deno ${process.versions.deno}` };
}
