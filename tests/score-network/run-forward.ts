/** For tests: one evaluation of a score network on a device, from numbers to numbers. */
import { defaultSizes, type SizeOverrides } from '../../src/batch/sizes.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import type { Precision } from '../../src/gpu/precision.ts';
import { readBuffer } from '../../src/gpu/readback.ts';
import { ScoreForward } from '../../src/nn/score-network/forward.ts';
import { forwardPlan } from '../../src/nn/score-network/forward-plan.ts';
import { FORWARD_BUFFERS, labelOffset, placesOf, workShape } from '../../src/nn/score-network/forward-setup.ts';
import { initialScoreNetwork } from '../../src/nn/score-network/init.ts';
import { outputsOf, type ScoreNetworkSpec, timeFeatures } from '../../src/nn/score-network/spec.ts';
import type { ScoreInput } from '../../src/nn/score-network/twin.ts';
import { type TensorForm, tensorForm, tensorShape } from '../../src/nn/tensor/shape.ts';
import { type ActivePlace, workWords } from '../../src/nn/tensor/work.ts';

/** Waves in place of zeros, so that nothing is hidden behind closed gates; of a size that a trained network has. */
export function wavyWeights(spec: ScoreNetworkSpec, seed = 1, size = 0.15): Float32Array<ArrayBuffer> {
  return initialScoreNetwork(spec, seed).map((value, i) => value + size * Math.sin(1.3 * i + 0.4 * ((i * i) % 7)));
}

/** Cells with every token, the mask most often. */
export function someInput(spec: ScoreNetworkSpec, cells: number, genes = spec.genes): ScoreInput {
  const { bins, perturbations, cellTypes } = spec;
  const hash = (i: number) => Math.floor(1e4 * Math.abs(Math.sin(12.9898 * i + 4.1))) % 997;
  return {
    cells,
    tokens: Array.from({ length: cells * genes }, (_, i) => (hash(i) % 3 === 0 ? hash(i + 7) % bins : bins)),
    sigma: Array.from({ length: cells }, (_, i) => 0.2 + (1.7 * i) / cells),
    perturbation: Array.from({ length: cells }, (_, i) => i % Math.max(1, perturbations)),
    cellType: Array.from({ length: cells }, (_, i) => (i + 1) % Math.max(1, cellTypes)),
  };
}

/** Blocks and tiles that SwiftShader compiles fast: it writes out the zeroes of workgroup memory. */
const SMALL: SizeOverrides = {
  'cells.laneRows': 2,
  'cells.laneColumns': 8,
  'cells.laneQueries': 2,
  'cells.tileRowThreads': 4,
  'cells.tileColumnThreads': 2,
  'cells.tileInner': 8,
  'cells.attentionThreads': 8,
  'cells.attentionKeys': 8,
  'cells.normThreads': 4,
  'cells.rowThreads': 8,
};

export interface ForwardCase {
  readonly spec: ScoreNetworkSpec;
  readonly weights: Float32Array<ArrayBuffer>;
  readonly input: ScoreInput;
  readonly precision?: Precision;
  readonly form?: TensorForm;
  /** All places and all genes unless given. */
  readonly active?: readonly ActivePlace[];
  readonly passes?: 1 | 2;
  readonly sizes?: SizeOverrides;
}

/** Logits of the listed rows, [rows][outputs], as numbers one after the other. */
export async function runForward(gpu: GpuContext, run: ForwardCase): Promise<Float32Array> {
  const { spec, weights, input, precision = 'f32', passes = 1 } = run;
  const { cells } = input;
  const genes = input.tokens.length / cells;
  const every = Array.from({ length: genes }, (_, gene) => gene);
  const active = run.active ?? Array.from({ length: cells * passes }, (_, place) => ({ place, genes: every }));
  const rowsMost = active.reduce((sum, each) => sum + each.genes.length, 0);
  const shape = tensorShape(run.form ?? tensorForm(gpu.report), { ...defaultSizes, ...SMALL, ...run.sizes });
  const setup = { spec, precision, genes, cells, passes, rowsMost, shape };
  const plan = forwardPlan(setup);
  const fixed = { bytesPerItem: 0, formula: 'test' };
  const logitBytes = rowsMost * plan.logitStride * 4;
  const allocation = await gpu.allocate({
    chunk: cells,
    buffers: [
      ...plan.buffers.planned,
      { name: FORWARD_BUFFERS.tokens, bytes: 4 * cells * genes, role: 'storage', ...fixed },
      { name: 'read', bytes: logitBytes, role: 'readback', ...fixed },
    ],
  });
  try {
    const { queue } = gpu.device;
    const forward = await ScoreForward.open(gpu, allocation, plan, weights);
    const write = (name: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>, offset = 0) =>
      queue.writeBuffer(allocation.buffer(name), offset, data);
    write(FORWARD_BUFFERS.tokens, Uint32Array.from(input.tokens as ArrayLike<number>));
    const places = placesOf(setup);
    const byPlace = (values: ArrayLike<number>) =>
      Array.from({ length: places }, (_, place) => values[place % values.length]);
    const labels = [
      ...(spec.perturbations > 0 ? [input.perturbation!] : []),
      ...(spec.cellTypes > 0 ? [input.cellType!] : []),
    ];
    for (const [i, values] of labels.entries())
      write(FORWARD_BUFFERS.labels, Uint32Array.from(byPlace(values as ArrayLike<number>)), labelOffset(places, i));
    if (spec.timeFeatures > 0) {
      const features = byPlace(input.sigma as ArrayLike<number>).flatMap((sigma) => [...timeFeatures(spec, sigma)]);
      write(FORWARD_BUFFERS.time, Float32Array.from(features));
    }
    const { words, counts } = workWords(workShape(setup), active, plan.listedShares);
    write(FORWARD_BUFFERS.work, words);
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const unit of [...forward.conditions(counts), ...forward.network(counts)]) unit.encode(pass);
    pass.end();
    encoder.copyBufferToBuffer(allocation.buffer(FORWARD_BUFFERS.logits), 0, allocation.buffer('read'), 0, logitBytes);
    queue.submit([encoder.finish()]);
    await gpu.finished();
    const logits = new Float32Array(await readBuffer(gpu.device, allocation.buffer('read')));
    const outputs = outputsOf(spec);
    return Float32Array.from({ length: rowsMost * outputs }, (_, i) => {
      return logits[Math.floor(i / outputs) * plan.logitStride + (i % outputs)];
    });
  } finally {
    allocation.destroy();
  }
}

/** Largest difference over the root mean square of what is expected. */
export function largestError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  const values = Array.from(expected);
  const rms = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  return Math.max(...values.map((value, i) => Math.abs(found[i] - value))) / rms;
}

/** Mean over the rows of KL(exact ‖ found), from log probabilities [rows][bins]. */
export function meanDivergence(exact: ArrayLike<number>, found: ArrayLike<number>, bins: number): number {
  let sum = 0;
  for (let i = 0; i < exact.length; i++) sum += Math.exp(exact[i]) * (exact[i] - found[i]);
  return sum / (exact.length / bins);
}
