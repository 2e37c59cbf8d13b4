/**
 * Tokens per second of decoders by our two forms on a device, our CPU path, jax-js (WebGPU and Wasm) and ONNX Runtime Web (WebGPU and Wasm), all in one
 * page of one Chromium; or, without ONNX Runtime Web's own builds, in Deno on wgpu.
 *
 *     npm run bench:activations -- [--runtime deno] [--model small|gpt2] [--batches 1,8,16,64] [--prompt 16] [--drawn 32] [--rounds 3] [--ms 300] [--limit 20]
 *
 * `--clock processor` counts seconds of processors instead of the wall's: ratios then hold on a busy machine, too.
 */
import { availableParallelism } from 'node:os';
import { GpuContext } from '../src/gpu/context.ts';
import { currentRuntime } from '../src/gpu/report.ts';
import { compareDecoders, type DecodersComparison, type DecodersOptions } from './lib/activations/compare.ts';
import { MODELS } from './lib/activations/problem.ts';
import { decodersReport } from './lib/activations/report.ts';
import { integer, list, text } from './lib/arguments.ts';
import { load, machine, packageVersion } from './lib/machine.ts';
import { ownProcessorMs } from './lib/processor-time.ts';
import { writeResults } from './lib/table.ts';

const asked = text('--model', 'all');
const [small, gpt2] = Object.keys(MODELS);
const options: DecodersOptions = {
  models: asked === 'small' ? [small] : asked === 'gpt2' ? [gpt2] : [small, gpt2],
  batches: list('--batches', [1, 8, 16, 64]),
  prompt: integer('--prompt', 16),
  drawn: integer('--drawn', 32),
  rounds: integer('--rounds', 3),
  targetMs: integer('--ms', 300),
  threads: integer('--threads', availableParallelism()),
  clock: text('--clock', 'wall') === 'processor' ? 'processor' : 'wall',
  limitS: integer('--limit', 20),
};
const before = machine();
const deno = currentRuntime() === 'deno';
const { comparison, runtime } = deno
  ? await compareHere()
  : await (await import('./lib/in-browser.ts')).compareInBrowser<DecodersOptions, DecodersComparison>(
      'activations',
      options,
      { isolated: options.threads > 1, processorTime: options.clock === 'processor' },
    );
const versions = { jax: packageVersion('@jax-js/jax'), onnx: packageVersion('onnxruntime-web') };
const context = { ...before, loadAfter: load(), runtime, versions };
const name = ['activations', deno ? 'deno' : 'chromium', ...(asked === 'all' ? [] : [asked])].join('-');
writeResults(name, decodersReport(comparison, context, options), { context, options, comparison });
// jax-js keeps its device and its workers.
if (deno) process.exit(0);

async function compareHere() {
  const gpu = await GpuContext.open();
  const clock = options.clock === 'processor' ? ownProcessorMs : undefined;
  const comparison = await compareDecoders(gpu, null, options, console.log, clock);
  gpu.destroy();
  return { comparison, runtime: `Deno ${process.versions.deno}` };
}
