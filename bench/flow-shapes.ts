/**
 * The sampler's kernel over shapes of the tile, each a whole sampling from noise to samples.
 *
 *     npm run bench:flow-shapes -- [--runtime deno] [--samples 512] [--groups 1,2,4,8] [--neurons 1,2,4] [--rounds 3] [--precision f32]
 */
import process from 'node:process';
import { openGpu } from '../src/cli/gpu.ts';
import { NET_PRECISIONS, type NetPrecision, type TileShape } from '../src/nn/mlp-kernel.ts';
import { integer, list, text } from './lib/arguments.ts';
import { flowKernel } from './lib/flow/kernel.ts';
import { flowProblem, relativeDifference, SAMPLING, twinSamples, wordsOfNet } from './lib/flow/problem.ts';
import { load, machine } from './lib/machine.ts';
import { spread } from './lib/measure.ts';
import { figure, table, writeResults } from './lib/table.ts';

/** Samples that are compared with the twin's. */
const JUDGED = 16;
const TOLERANCE = { f32: 1e-5, half: 5e-3 };

const precision = text('--precision', 'f32') as NetPrecision;
if (!NET_PRECISIONS.includes(precision)) throw new Error(`--precision takes one of ${NET_PRECISIONS.join(', ')}.`);
const samples = integer('--samples', 512);
const shapes: TileShape[] = list('--neurons', [1, 2, 4]).flatMap((neuronGroups) =>
  list('--groups', [1, 2, 4, 8]).map((sampleGroups) => ({ sampleGroups, neuronGroups })),
);

const before = machine();
const { gpu, release } = await openGpu('auto');
// Where four lanes can load together, that form too.
if (gpu.report.subgroupSize === 4 && precision === 'f32')
  shapes.push(
    ...shapes
      .filter((tile) => tile.neuronGroups === 1 && tile.sampleGroups % 4 === 0)
      .map((tile) => ({ ...tile, quads: true })),
  );
const problem = flowProblem(integer('--width', 0) || undefined);
const judge = twinSamples(problem, JUDGED);
const kernels = [];
for (const tile of shapes) {
  const begin = performance.now();
  const kernel = await flowKernel(gpu, problem, precision, tile, samples);
  await kernel.run();
  const compileMs = performance.now() - begin;
  const error = relativeDifference(await kernel.samples(JUDGED), judge, judge.length);
  if (!(error <= (precision === 'f32' ? TOLERANCE.f32 : TOLERANCE.half)))
    throw new Error(`${JSON.stringify(tile)} differs from the f64 twin by ${error}.`);
  const name = `${tile.sampleGroups} × ${tile.neuronGroups}${tile.quads ? ', quads' : ''}`;
  console.log(`${name}: ${figure(compileMs)} ms to the first result`);
  kernels.push({ name, kernel, compileMs, wall: [] as number[], cpu: [] as number[] });
}
for (let round = 0; round < integer('--rounds', 3); round++)
  for (const { kernel, wall, cpu } of kernels) {
    const [begin, used] = [performance.now(), process.cpuUsage()];
    await kernel.run();
    const { user, system } = process.cpuUsage(used);
    wall.push((1000 * samples) / (performance.now() - begin));
    cpu.push((1e6 * samples) / (user + system));
  }
const rows = kernels.map(({ name, compileMs, wall, cpu }) => {
  const [w, c] = [spread(wall), spread(cpu)];
  const cell = (s: typeof w) => `${figure(s.median)} [${figure(s.low)} – ${figure(s.high)}]`;
  return [name, cell(w), cell(c), figure(compileMs)];
});
const { report } = gpu;
release();
writeResults(
  `flow-shapes-${report.runtime}${precision === 'f32' ? '' : `-${precision}`}`,
  [
    '# Tiles of the sampler’s kernel',
    '',
    `Adapter: **${report.name}** (${report.runtime}). ${before.cpu}, ${before.threads} threads; load ${before.loadBefore} before, ${load()} after. ${before.date}, commit ${before.commit}.`,
    `${samples} samples of a network of the shape of ${wordsOfNet(problem.model.net)}, midpoint in ${SAMPLING.steps} steps, ${precision}. Medians of alternating rounds, [slowest – fastest]; per second of CPU time of this process`,
    'leaves out what else the machine does (software adapters only). Each checked against the f64 twin.',
    '',
    table(['sample × neuron groups', 'samples/s', 'samples per CPU second', 'first result, ms'], rows),
  ].join('\n'),
  { context: before, samples, precision, rows },
);
