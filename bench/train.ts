/**
 * Training steps per second, and how fast the loss falls.
 *
 *     npm run bench:train -- [--runtime deno] [--task two_moons] [--steps 200] [--batch 1024]
 */
import { openGpu } from '../src/cli/gpu.ts';
import { mlpFlop } from '../src/nn/mlp.ts';
import { taskOf } from '../src/workloads/flow/tasks/index.ts';
import { recipeFor } from '../src/workloads/flow/training/recipe.ts';
import { trainModel } from '../src/workloads/flow/training/train.ts';
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
  await trainModel(gpu, taskOf(id)!, recipe, {
    tileGroups: integer('--groups', 8),
    columnBlocks: integer('--columns', 8),
    everyMs: 2000,
    progress: ({ step, losses }, _, { net }) => {
      const now = performance.now();
      const rate = (1000 * (step - before)) / (now - last);
      best = Math.max(best, rate);
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      const flops = 3 * mlpFlop(net) * recipe.batch * rate;
      console.log(
        `step ${step}  loss ${mean.toFixed(4)}  ${rate.toFixed(2)} steps/s  ${(flops / 1e9).toFixed(2)} GFLOP/s`,
      );
      [last, before] = [now, step];
      return true;
    },
  });
  console.log(`best ${best.toFixed(2)} steps/s`);
} finally {
  release();
}
