/**
 * Training steps per second, and how fast the loss falls.
 *
 *     npm run bench:train -- [--runtime deno] [--task two_moons] [--steps 200] [--batch 1024]
 */
import { defaultSizes } from '../src/batch/sizes.ts';
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
try {
  let last = performance.now();
  let before = 0;
  let best = 0;
  const run = new TrainingRun({
    gpu,
    task: taskOf(id)!,
    recipe,
    sizes: {
      ...defaultSizes,
      'flow.trainingTileGroups': integer('--groups', defaultSizes['flow.trainingTileGroups']),
      'flow.gradientColumnBlocks': integer('--columns', defaultSizes['flow.gradientColumnBlocks']),
    },
    everyMs: 2000,
    listener: {
      progress: ({ step, loss }) => {
        if (step === before) return;
        const now = performance.now();
        const rate = (1000 * (step - before)) / (now - last);
        best = Math.max(best, rate);
        const flops = 3 * mlpFlop(run.model.net) * recipe.batch * rate;
        console.log(
          `step ${step}  loss ${loss.toFixed(4)}  ${rate.toFixed(2)} steps/s  ${(flops / 1e9).toFixed(2)} GFLOP/s`,
        );
        [last, before] = [now, step];
      },
    },
  });
  await run.run();
  console.log(`best ${best.toFixed(2)} steps/s`);
} finally {
  release();
}
