/**
 * Training steps per second, and how fast the loss falls. Steps per second of CPU time leave out what else the machine does (software adapters).
 *
 *     npm run bench:train -- [--runtime deno] [--task two_moons] [--steps 200] [--batch 1024]
 */

import process from 'node:process';
import { guessMemoryClass } from '../src/batch/memory-class.ts';
import { sizesFor } from '../src/batch/sizes.ts';
import { openGpu } from '../src/cli/gpu.ts';
import { mlpFlop } from '../src/nn/mlp.ts';
import { taskOf } from '../src/workloads/flow/tasks/index.ts';
import { recipeFor } from '../src/workloads/flow/training/recipe.ts';
import { TrainingRun } from '../src/workloads/flow/training/run.ts';
import { integer, text } from './lib/arguments.ts';

const id = text('--task', 'two_moons');
const steps = integer('--steps', 200);
const base = recipeFor(id);
const recipe = recipeFor(id, {
  batch: integer('--batch', base.batch),
  width: integer('--width', base.width),
  depth: integer('--depth', base.depth),
  optimiser: { ...base.optimiser, steps },
});
const { gpu, release } = await openGpu('auto');
const sizes = sizesFor(guessMemoryClass(gpu.report));
try {
  let last = performance.now();
  let used = process.cpuUsage();
  let before = 0;
  let best = { wall: 0, cpu: 0 };
  const run = new TrainingRun({
    gpu,
    task: taskOf(id)!,
    recipe,
    sizes: {
      ...sizes,
      'flow.trainingTileGroups': integer('--groups', sizes['flow.trainingTileGroups']),
      'flow.gradientEdge': integer('--edge', sizes['flow.gradientEdge']),
      'flow.gradientThreads': integer('--threads', sizes['flow.gradientThreads']),
    },
    everyMs: 2000,
    listener: {
      progress: ({ step, loss }) => {
        if (step === before) return;
        const now = performance.now();
        const rate = (1000 * (step - before)) / (now - last);
        const { user, system } = process.cpuUsage(used);
        const cpu = (1e6 * (step - before)) / (user + system);
        best = { wall: Math.max(best.wall, rate), cpu: Math.max(best.cpu, cpu) };
        const flops = 3 * mlpFlop(run.model.net) * recipe.batch * rate;
        console.log(
          `step ${step}  loss ${loss.toFixed(4)}  ${rate.toFixed(2)} steps/s  ${(flops / 1e9).toFixed(2)} GFLOP/s  ${cpu.toFixed(2)} steps per CPU second`,
        );
        [last, before, used] = [now, step, process.cpuUsage()];
      },
    },
  });
  await run.run();
  console.log(`best ${best.wall.toFixed(2)} steps/s, ${best.cpu.toFixed(2)} per CPU second`);
} finally {
  release();
}
