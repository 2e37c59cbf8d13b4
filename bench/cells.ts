/**
 * Evaluations per second of a score network by our kernels, our CPU path, jax-js (WebGPU and Wasm) and ONNX Runtime Web (WebGPU and Wasm), all in one
 * page of one Chromium; or, without ONNX Runtime Web's own builds, in Deno on wgpu.
 *
 *     npm run bench:cells -- [--runtime deno] [--genes 200,512] [--batches 1,4,16] [--rounds 3] [--ms 300] [--threads 2] [--limit 8] [--samplings 2]
 *
 * `--threads 1` serves the page without isolation from other origins, as a plain static host does. `--gpu no` leaves WebGPU out.
 * `--clock processor` counts seconds of processors instead of the wall's: ratios then hold on a busy machine, too.
 */
import { availableParallelism } from 'node:os';
import { GpuContext } from '../src/gpu/context.ts';
import { currentRuntime } from '../src/gpu/report.ts';
import { integer, list, text } from './lib/arguments.ts';
import { type CellsComparison, type CellsOptions, compareNetworks } from './lib/cells/compare.ts';
import { cellsReport } from './lib/cells/report.ts';
import { load, machine, packageVersion } from './lib/machine.ts';
import { ownProcessorMs } from './lib/processor-time.ts';
import { writeResults } from './lib/table.ts';

const options: CellsOptions = {
  genes: list('--genes', [200, 512]),
  batches: list('--batches', [1, 4, 16]),
  rounds: integer('--rounds', 3),
  targetMs: integer('--ms', 300),
  threads: integer('--threads', availableParallelism()),
  clock: text('--clock', 'wall') === 'processor' ? 'processor' : 'wall',
  limitS: integer('--limit', 8),
  samplings: Number(text('--samplings', '2')),
};
const withGpu = text('--gpu', 'yes') !== 'no';

const before = machine();
const deno = currentRuntime() === 'deno';
const { comparison, runtime } = deno
  ? await compareHere()
  : await (await import('./lib/in-browser.ts')).compareInBrowser<CellsOptions, CellsComparison>('cells', options, {
      isolated: options.threads > 1,
      gpu: withGpu,
      processorTime: options.clock === 'processor',
    });
const versions = { jax: packageVersion('@jax-js/jax'), onnx: packageVersion('onnxruntime-web') };
const context = { ...before, loadAfter: load(), runtime, versions };
const name = [
  'cells',
  deno ? 'deno' : 'chromium',
  ...(options.genes.length === 1 ? [`${options.genes[0]}-genes`] : []),
  ...(withGpu ? [] : ['cpu']),
  ...(options.threads > 1 ? [] : ['one-thread']),
];
writeResults(name.join('-'), cellsReport(comparison, context, options), { context, options, comparison });
// jax-js keeps its device and its workers.
if (deno) process.exit(0);

async function compareHere() {
  const gpu = withGpu ? await GpuContext.open() : null;
  const comparison = await compareNetworks(
    gpu,
    null,
    options,
    console.log,
    options.clock === 'processor' ? ownProcessorMs : undefined,
  );
  gpu?.destroy();
  return { comparison, runtime: `Deno ${process.versions.deno}` };
}
