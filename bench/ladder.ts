/**
 * The sampler as users run it (2×2 rule, fit, warm-up, readback) at batch 1, 2, 4, … 256, beside the bare gradient, the adapter's
 * ceilings and the f64 twin, in one run.
 *
 *     npm run bench:ladder -- [--runtime deno] [--batches 1,2,4,8,16,32,64,128,256] [--rounds 3] [--threads 8]
 */

import { openGpu } from '../src/cli/gpu.ts';
import { asShearShape } from '../src/workloads/shear/gpu/shape.ts';
import { observationsOf } from '../src/workloads/shear/observations.ts';
import { shearWorkload } from '../src/workloads/shear/workload.ts';
import { integer, list } from './lib/arguments.ts';
import { measureCeilings } from './lib/ceilings.ts';
import { load, machine } from './lib/machine.ts';
import { gradientProblem, levelZero, shearProblem } from './lib/problem.ts';
import { ladderReport } from './lib/report-ladder.ts';
import { climb, leastEss, type Rung, timedRun } from './lib/rung.ts';
import { writeResults } from './lib/table.ts';

const batches = list('--batches', [1, 2, 4, 8, 16, 32, 64, 128, 256]);
const rounds = integer('--rounds', 3);
const largest = Math.max(...batches);
/** The twin's rate does not depend on the batch. */
const TWIN_ITEMS = 2;

const before = machine();
const { gpu, release } = await openGpu('auto');
try {
  const params = levelZero(largest);
  const chosen = asShearShape(shearWorkload.configure(params, {}).shape(gpu.report));
  const threadsPerChain = integer('--threads', chosen.threadsPerChain);
  // Another shape than the adapter's own, to compare: whole posteriors a workgroup as shape.ts packs them.
  const shape =
    threadsPerChain === chosen.threadsPerChain
      ? chosen
      : { ...chosen, threadsPerChain, posteriorsPerWorkgroup: threadsPerChain === 1 ? 2 : 1 };
  // Simulated once, before any clock runs: what is measured is inference.
  const simulated = shearProblem(largest);
  const begin = performance.now();
  const { nx, ny, components } = simulated.spec;
  const pixels = new Float32Array(largest * ny * nx);
  for (let i = 0; i < largest; i++) pixels.set(observationsOf(simulated).data(i), i * ny * nx);
  const simulateMs = performance.now() - begin;
  const images = { name: 'simulated', n: largest, ny, nx, pixels, sha256: '' };
  const problem = { ...simulated, inputs: { files: { images } } };
  const gradients = gradientProblem(largest);

  const ceilings = await measureCeilings(gpu);
  const rungs: Rung[] = [];
  for (const batch of batches) {
    // Compiling and first use are no part of a rung.
    if (rungs.length === 0) await climb(gpu, problem, gradients, shape, 1, 1);
    const rung = await climb(gpu, problem, gradients, shape, batch, rounds);
    console.log(
      `batch ${batch}: ${rung.gradientsPerSecond.toFixed(0)} gradients/s, ${(100 * rung.ratio.median).toFixed(0)} % of bare (${JSON.stringify(rung.ms, (_, v) => (typeof v === 'number' ? Math.round(v) : v))})`,
    );
    rungs.push(rung);
  }
  const twinSession = await shearWorkload.reference(problem, TWIN_ITEMS);
  const { phases, items } = await timedRun(twinSession, TWIN_ITEMS);
  twinSession.close();
  const seconds = phases.total / 1000;
  const twin = {
    itemsPerSecond: TWIN_ITEMS / seconds,
    gradientsPerSecond: items.reduce((sum, item) => sum + item.gradients, 0) / seconds,
    essPerSecond: items.reduce((sum, item) => sum + leastEss(item), 0) / seconds,
  };
  const context = { ...before, loadAfter: load(), adapter: gpu.report.name, runtime: gpu.report.runtime, rounds };
  const work = shearWorkload.configure(params, {}).work;
  const ladder = {
    shape,
    sampler: problem.spec.sampler,
    rungs,
    twin,
    ceilings,
    work: { ...work, exponentialsPerGradient: nx * ny * 4 * components.length },
    simulateMsPerItem: simulateMs / largest,
  };
  const name = shape === chosen ? `ladder-${context.runtime}` : `ladder-${context.runtime}-${threadsPerChain}-threads`;
  writeResults(name, ladderReport(ladder, context), { context, ladder });
} finally {
  release();
}
