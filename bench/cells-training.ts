/**
 * What the kernels of a score network's training step cost, one by one, in CPU time (software adapters: what else the machine does is left out).
 *
 *     node bench/run.mjs cells-training [--runtime deno] [--width 32] [--layers 2] [--genes 200] [--batch 16] [--size cells.linearRows=8 …]
 */
import process from 'node:process';
import { guessMemoryClass } from '../src/batch/memory-class.ts';
import { sizesFor } from '../src/batch/sizes.ts';
import { openGpu } from '../src/cli/gpu.ts';
import { decodeSizes } from '../src/engine/config/url-state.ts';
import { bindKernels, gridOf } from '../src/gpu/bound-kernel.ts';
import { scoreFlops } from '../src/nn/score-network/spec.ts';
import { planTraining, trainingKernels } from '../src/nn/training/training.ts';
import { makeBins } from '../src/workloads/cells/data/bins.ts';
import { checkCellsSizes } from '../src/workloads/cells/training/check-recipe.ts';
import { DEFAULT_RECIPE } from '../src/workloads/cells/training/recipe.ts';
import { cellsTraining, sumOrder, trainingSetup } from '../src/workloads/cells/training/setup.ts';
import { integer, text } from './lib/arguments.ts';

const genes = integer('--genes', 200);
const cells = 64;
const bins = makeBins('octave');
const tokens = Uint8Array.from({ length: cells * genes }, (_, i) => (i * i) % bins.count);
const names = Array.from({ length: genes }, (_, i) => `g${i}`);
const counts = {
  rows: 0,
  columns: 0,
  starts: new Uint32Array(1),
  columnOf: new Uint32Array(0),
  counts: new Uint32Array(0),
};
const recipe = {
  ...DEFAULT_RECIPE,
  width: integer('--width', 32),
  layers: integer('--layers', 2),
  heads: integer('--heads', 4),
  batch: integer('--batch', 16),
};
const { gpu, release } = await openGpu('auto');
try {
  const overrides = checkCellsSizes(decodeSizes(text('--size', '').split(' ').filter(Boolean)));
  const sizes = sizesFor(guessMemoryClass(gpu.report), overrides);
  const data = { cells, genes: names, bins, tokens, counts, source: 'bench', warnings: [] };
  const setup = trainingSetup(recipe, data, sizes, sumOrder(sizes, gpu.report));
  const training = cellsTraining(setup, gpu.report);
  const allocation = await gpu.allocate(planTraining(training));
  const begin = process.cpuUsage();
  const bound = await bindKernels(gpu, allocation, trainingKernels(training));
  const compiled = process.cpuUsage(begin);
  for (const [name, data] of Object.entries(training.contents))
    gpu.device.queue.writeBuffer(allocation.buffer(name), 0, data);
  const sums = new Map<string, { ms: number; count: number }>();
  let total = 0;
  for (const [name, kernel] of Object.entries(training.kernels)) {
    const run = async () => {
      const before = process.cpuUsage();
      const encoder = gpu.device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (let i = 0; i < 2; i++) bound[name].dispatch(pass, ...gridOf(kernel.workgroups, gpu.device));
      pass.end();
      gpu.device.queue.submit([encoder.finish()]);
      await gpu.finished();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 2000;
    };
    await run();
    const ms = Math.min(await run(), await run());
    const module = 'module' in kernel.shader ? kernel.shader.module : name;
    const key = `${module.replace('nn/tensor/', '')} ${name.replace(/blocks\.\d+\.|\.\d+/g, '')}`;
    const { ms: sum, count } = sums.get(key) ?? { ms: 0, count: 0 };
    sums.set(key, { ms: sum + ms, count: count + 1 });
    total += ms;
  }
  for (const [key, { ms, count }] of [...sums].sort((a, b) => b[1].ms - a[1].ms).slice(0, 16))
    console.log(`${ms.toFixed(1).padStart(8)} ms  ${((100 * ms) / total).toFixed(1).padStart(5)} %  ${count} × ${key}`);
  const flop = 3 * scoreFlops(setup.spec) * recipe.batch;
  console.log(
    `${total.toFixed(0)} ms a step, ${(flop / total / 1e6).toFixed(2)} GFLOP per CPU second; compiled in ${(compiled.user + compiled.system) / 1e6} s`,
  );
  allocation.destroy();
} finally {
  release();
}
