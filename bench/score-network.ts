/**
 * The score network's kernels: GFLOP a second of each and of an evaluation, in a form and with sizes, against the adapter's multiply-adds; and what
 * a precision does to the logits of the reference networks (LOCKSTEP_SHARED).
 *
 *     node bench/run.mjs score-network [--runtime deno] [precision] [genes] [cells] [form] [size=value …]
 *
 * Times are processor time where a software adapter runs on the cores of the machine: other work beside it counts less then.
 */
import { readFileSync } from 'node:fs';
import { defaultSizes, type SizeOverrides } from '../src/batch/sizes.ts';
import { openGpu } from '../src/cli/gpu.ts';
import type { Precision } from '../src/gpu/precision.ts';
import { linkText } from '../src/gpu/shaders.ts';
import { unroll } from '../src/gpu/unroll.ts';
import { ScoreForward } from '../src/nn/score-network/forward.ts';
import { forwardPlan } from '../src/nn/score-network/forward-plan.ts';
import { FORWARD_BUFFERS, workShape } from '../src/nn/score-network/forward-setup.ts';
import { decodeScoreNetwork } from '../src/nn/score-network/safetensors.ts';
import { SCORE_SIZES, type ScoreNetworkSpec, scoreFlops } from '../src/nn/score-network/spec.ts';
import { logProbabilities, parametersOf, scoreForward } from '../src/nn/score-network/twin.ts';
import { type TensorForm, tensorForm, tensorShape } from '../src/nn/tensor/shape.ts';
import { workWords } from '../src/nn/tensor/work.ts';
import {
  largestError,
  meanDivergence,
  runForward,
  someInput,
  wavyWeights,
} from '../tests/score-network/run-forward.ts';
import source from './lib/ceilings.wgsl?raw';

const words = process.argv.slice(2);
const [precision = 'f32', geneText = '200', cellText = '8', form] = words.filter((word) => !word.includes('='));
const overrides = Object.fromEntries(
  words.filter((word) => word.includes('=')).map((word) => [`cells.${word.split('=')[0]}`, Number(word.split('=')[1])]),
) as SizeOverrides;
const [genes, cells] = [Number(geneText), Number(cellText)];
const spec: ScoreNetworkSpec = {
  variant: 'lockstep',
  ...SCORE_SIZES.S,
  genes,
  bins: 16,
  perturbations: 0,
  cellTypes: 0,
  timeFeatures: 0,
};
const ROUNDS = 3;

const { gpu, release } = await openGpu('auto');
const { device, report } = gpu;
const shape = tensorShape((form as TensorForm | undefined) ?? tensorForm(report), { ...defaultSizes, ...overrides });
console.log(`${report.name}, ${report.runtime}; ${precision}, ${genes} genes, ${cells} cells, ${shape.form}`);
const seconds = () => {
  const { user, system } = process.cpuUsage();
  return report.software ? (user + system) / 1e6 : performance.now() / 1e3;
};

const shared = process.env.LOCKSTEP_SHARED;
if (shared)
  for (const variant of ['lockstep', 'origin'] as const) {
    const file = `${shared}/data/cells/forward-${variant}/weights.safetensors`;
    const network = decodeScoreNetwork(file, new Uint8Array(readFileSync(file)), { heads: 4 });
    // Inputs of our own against the twin, which has the reference's logits within 1e-13 (tests/score-network).
    const input = someInput(network.spec, 8);
    const exact = scoreForward(network.spec, parametersOf(network.spec, network.weights), input).logits;
    const found = await runForward(gpu, { ...network, input, precision: precision as Precision, form: shape.form });
    const divergence = meanDivergence(
      logProbabilities(network.spec, exact),
      logProbabilities(network.spec, found),
      network.spec.bins,
    );
    console.log(
      `${variant}, reference weights: max / rms ${largestError(found, exact).toExponential(2)}, KL ${divergence.toExponential(1)}`,
    );
  }

const share = Math.ceil(genes / 64);
const active = Array.from({ length: cells }, (_, place) => ({
  place,
  genes: Array.from({ length: share }, (_, i) => Math.floor((i * genes) / share)),
}));
const setup = {
  spec,
  precision: precision as Precision,
  genes,
  cells,
  passes: 1,
  rowsMost: cells * genes,
  shape,
} as const;
const plan = forwardPlan(setup);
const allocation = await gpu.allocate({
  chunk: cells,
  buffers: [
    ...plan.buffers.planned,
    { name: FORWARD_BUFFERS.tokens, bytes: 4 * cells * genes, role: 'storage', bytesPerItem: 0, formula: '' },
  ],
});
const { weightBytes, activationBytes } = plan.buffers;
console.log(`weights ${weightBytes} B, activations ${activationBytes} B (${activationBytes / cells} a cell)`);
const begun = performance.now();
const forward = await ScoreForward.open(gpu, allocation, plan, wavyWeights(spec, 1, 0.05));
const input = someInput(spec, cells, genes);
device.queue.writeBuffer(allocation.buffer(FORWARD_BUFFERS.tokens), 0, Uint32Array.from(input.tokens as number[]));

/** Best rate of so many operations, in giga a second. */
async function rate(flops: number, encode: (pass: GPUComputePassEncoder) => void): Promise<number> {
  let best = 0;
  for (let round = 0; round < ROUNDS + 1; round++) {
    const before = seconds();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    encode(pass);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await gpu.finished();
    // The first round compiles.
    if (round > 0) best = Math.max(best, flops / (seconds() - before) / 1e9);
  }
  return best;
}

console.log(`multiply-adds: ${(await ceiling()).toFixed(2)} GFLOP/s, in the same measure`);
for (const [what, list] of [
  ['listed 1/64', active],
  ['all rows', active.map(({ place }) => ({ place, genes: Array.from({ length: genes }, (_, g) => g) }))],
] as const) {
  const { words: list32, counts } = workWords(workShape(setup), list, plan.listedShares);
  device.queue.writeBuffer(allocation.buffer(FORWARD_BUFFERS.work), 0, list32);
  const units = [...forward.conditions(counts), ...forward.network(counts)];
  const flops = cells * scoreFlops(spec, genes);
  const whole = await rate(flops, (pass) => {
    for (const unit of units) unit.encode(pass);
  });
  console.log(
    `${what}: ${whole.toFixed(2)} GFLOP/s of the full network's, ${((1e9 * whole) / scoreFlops(spec, genes)).toFixed(2)} cell-steps/s`,
  );
  if (what === 'all rows' || process.env.SHORT) break;
  const { width } = spec;
  const rows = cells * genes;
  const work: Record<string, number> = {
    norm: 0,
    'blocks.0.attn.qkv': 2 * rows * width * 3 * width,
    attention: 4 * rows * genes * width,
    'blocks.0.attn.out_proj': 2 * rows * width * width,
    'blocks.0.ff.net.0': 8 * rows * width * width,
    'blocks.0.ff.net.3': 8 * rows * width * width,
  };
  for (const step of plan.network.filter(({ unit }) => unit.startsWith('block 0'))) {
    const name = step.kernel.split('.').slice(1).join('.');
    const before = seconds();
    const gflops = await rate(work[name] ?? 0, (pass) => forward.dispatch(step, counts, pass));
    const ms = ((seconds() - before) / (ROUNDS + 1)) * 1e3;
    console.log(`  ${step.kernel.padEnd(48)} ${gflops.toFixed(2).padStart(7)} GFLOP/s  ${ms.toFixed(1)} ms`);
  }
}
console.log(`${((performance.now() - begun) / 1e3).toFixed(1)} s in all`);
allocation.destroy();
release();

/** Multiply-adds of independent chains, as bench/lib/ceilings.ts has them. */
async function ceiling(): Promise<number> {
  const chains = 8;
  const [threads, groups, iterations] = report.software ? [8, 64, 20_000] : [64, 8192, 2000];
  const kernel = await gpu.compile(
    linkText('bench/ceilings', unroll(source, chains), { constants: { THREADS: threads } }),
  );
  const buffer = (size: number, usage: number, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>) => {
    const made = device.createBuffer({ size, usage: usage | GPUBufferUsage.COPY_DST });
    device.queue.writeBuffer(made, 0, data);
    return made;
  };
  const group = kernel.bindGroup({
    0: buffer(16 * threads * groups, GPUBufferUsage.STORAGE, new Float32Array(4)),
    1: buffer(16, GPUBufferUsage.UNIFORM, Uint32Array.of(iterations, 0, 0, 0)),
    2: buffer(16, GPUBufferUsage.UNIFORM, Float32Array.of(0.999, 1e-4, 0.5, 0)),
  });
  return rate(threads * groups * chains * iterations * 16, (pass) => {
    pass.setPipeline(kernel.pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups);
  });
}
