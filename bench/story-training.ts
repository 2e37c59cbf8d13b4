/**
 * A training step of the stories' model on this adapter: ours, AdamW and all, against jax-js's value and gradient with plain gradient descent.
 * Loss and slopes at the starting weights have to agree before anything is timed; in CPU time too, which leaves out what else the machine does.
 *
 *     node bench/run.mjs story-training [--runtime deno] [--batch 24] [--length 72] [--steps 3] [--rounds 3]
 */
import process from 'node:process';
import { guessMemoryClass } from '../src/batch/memory-class.ts';
import { sizesFor } from '../src/batch/sizes.ts';
import { openGpu } from '../src/cli/gpu.ts';
import { Trainer } from '../src/nn/training/trainer.ts';
import { initialDecoder } from '../src/nn/transformer/training/init.ts';
import { trainedTensors } from '../src/nn/transformer/training/tensors.ts';
import { windowsTwin } from '../src/nn/transformer/training/windows.ts';
import { storyCorpus } from '../src/workloads/activations/training/corpus.ts';
import { DEFAULT_RECIPE, optimiserOf, specOf } from '../src/workloads/activations/training/recipe.ts';
import { storyTraining, sumOrder } from '../src/workloads/activations/training/setup.ts';
import { integer } from './lib/arguments.ts';
import { startJax } from './lib/jax.ts';
import { jaxTraining } from './lib/stories/jax.ts';

const [steps, rounds] = [integer('--steps', 3), integer('--rounds', 3)];
const recipe = {
  ...DEFAULT_RECIPE,
  batch: integer('--batch', DEFAULT_RECIPE.batch),
  length: integer('--length', DEFAULT_RECIPE.length),
  optimiser: optimiserOf(DEFAULT_RECIPE.optimiser, { steps: 1 + steps * (rounds + 1) }),
};
const { batch, length, seed } = recipe;
const corpus = storyCorpus({ storySeed: 1, stories: 1000 });
const spec = specOf(recipe, Object.keys(corpus.vocabulary).length);
const weights = initialDecoder(spec, seed);
const { list, begins } = corpus;
const starts = windowsTwin(
  begins.filter((begin) => begin + length < list.length),
  batch,
  seed,
  0,
);
const words = (shift: number) =>
  Uint32Array.from({ length: batch * length }, (_, i) => list[starts[Math.floor(i / length)] + (i % length) + shift]);
const [tokens, targets] = [words(0), words(1)];

/** Milliseconds of wall clock and of processor a step: the least of some rounds, after one that is not counted. */
async function timed(run: () => Promise<void>): Promise<{ readonly wall: number; readonly cpu: number }> {
  const least = { wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY };
  for (let round = 0; round <= rounds; round++) {
    const used = process.cpuUsage();
    const begin = performance.now();
    await run();
    const { user, system } = process.cpuUsage(used);
    if (round === 0) continue;
    least.wall = Math.min(least.wall, (performance.now() - begin) / steps);
    least.cpu = Math.min(least.cpu, (user + system) / 1000 / steps);
  }
  return least;
}

const { gpu, release } = await openGpu('auto');
try {
  const sizes = sizesFor(guessMemoryClass(gpu.report));
  const setup = { recipe, spec, corpus, sizes, order: sumOrder(sizes, gpu.report) };
  const trainer = await Trainer.open(gpu, storyTraining(setup, gpu.report));
  await trainer.advance(Number.POSITIVE_INFINITY, 1);
  const [ourLoss] = (await trainer.progress()).losses;
  const gradient = await trainer.gradient();

  await startJax(['webgpu']);
  const jax = jaxTraining('webgpu', { spec, weights, batch, length, tokens, targets, rate: 1e-3 });
  const { loss, slopes } = await jax.first();
  let worst = ['', 0] as [string, number];
  trainedTensors(spec).tensors.forEach(({ name, at }, i) => {
    const norm = Math.sqrt(slopes[i].reduce((sum, each) => sum + each ** 2, 0));
    const away = Math.sqrt(slopes[i].reduce((sum, each, j) => sum + (each - gradient[at + j]) ** 2, 0));
    if (away / norm > worst[1]) worst = [name, away / norm];
  });
  console.log(`On ${gpu.report.name}: ${batch} × ${length} tokens, ${spec.layers} × ${spec.width}.`);
  console.log(`Loss ${ourLoss.toFixed(6)}, jax-js ${loss.toFixed(6)}; slopes differ most in ${worst[0]}: ${worst[1]}`);
  if (Math.abs(ourLoss - loss) > 1e-4 || worst[1] > 1e-3) throw new Error('the two do not compute the same');
  const ours = await timed(() => trainer.advance(Number.POSITIVE_INFINITY, steps));
  const theirs = await timed(() => jax.run(steps));
  for (const [name, { wall, cpu }] of [
    ['ours', ours],
    ['jax-js webgpu', theirs],
  ] as const)
    console.log(`${name.padEnd(14)} ${wall.toFixed(0)} ms a step, ${cpu.toFixed(0)} ms of processor`);
  console.log(`ratio ${(theirs.wall / ours.wall).toFixed(1)}, of processor time ${(theirs.cpu / ours.cpu).toFixed(1)}`);
  trainer.close();
} finally {
  release();
}
process.exit();
