import { openGpu } from '../src/cli/gpu.ts';
import { shearWorkload } from '../src/workloads/shear/workload.ts';
import { FusedGradient } from './lib/fused.ts';
import { gradientProblem, levelZero, shearProblem } from './lib/problem.ts';

const { gpu, release } = await openGpu('auto');
const batch = 64;
const params = levelZero(batch);
const shape = shearWorkload.shape(gpu.report, params, {});
const sim = shearProblem(batch);
const images = sim.items.map((_, i) => sim.observation(i));
const problem = { ...sim, observation: (i: number) => images[i] };
const gradients = gradientProblem(batch);
console.log(shape, problem.spec.sampler);
const fused = await FusedGradient.open(gpu, gradients, { threadsPerChain: 1, count: batch * 4, chainsPerStamp: 4 });
const session = await shearWorkload.open(gpu, problem, shearWorkload.plan(params, {}, batch, shape), shape);
const bare = async () => {
  await fused.run(5);
  const t = performance.now();
  await fused.run(40);
  return (batch * 4 * 40) / (performance.now() - t);
};
for (const budget of [100, 1e6, 100, 1e6]) {
  const b0 = await bare();
  const t = performance.now();
  await session.start(Array.from({ length: batch }, (_, i) => i));
  let p = await session.advance(budget);
  let n = 1;
  while (p.phase !== 'done') {
    p = await session.advance(budget);
    n++;
  }
  const ms = performance.now() - t;
  const b1 = await bare();
  console.log(
    `budget ${budget}: ${n} advances, ${ms.toFixed(0)} ms, ${(p.gradients / ms).toFixed(1)}k/s, bare ${b0.toFixed(1)} ${b1.toFixed(1)}k/s, ratio ${(p.gradients / ms / ((b0 + b1) / 2)).toFixed(3)}`,
  );
}
session.close();
fused.close();
release();
