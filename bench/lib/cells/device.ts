/** Our kernels on a device: one evaluation of all cells, logits of all genes or of those that reveal in a step. */
import { guessMemoryClass } from '../../../src/batch/memory-class.ts';
import { sizesFor } from '../../../src/batch/sizes.ts';
import type { GpuContext } from '../../../src/gpu/context.ts';
import { planBytes } from '../../../src/gpu/plan.ts';
import type { Precision } from '../../../src/gpu/precision.ts';
import { readBuffer } from '../../../src/gpu/readback.ts';
import { ScoreForward } from '../../../src/nn/score-network/forward.ts';
import { forwardPlan } from '../../../src/nn/score-network/forward-plan.ts';
import { FORWARD_BUFFERS, workShape } from '../../../src/nn/score-network/forward-setup.ts';
import { tensorForm, tensorShape } from '../../../src/nn/tensor/shape.ts';
import { workWords } from '../../../src/nn/tensor/work.ts';
import { planReveals } from '../../../src/workloads/cells/sampling/reveal-plan.ts';
import type { CpuQuestion } from './cpu.ts';
import type { Entrant } from './entrant.ts';
import { type CellsProblem, seedsOf, settingsOf, tokensOf } from './problem.ts';

export const OURS = 'Lockstep f32';

export async function deviceEntrant(
  gpu: GpuContext,
  { spec, weights }: CellsProblem,
  batch: number,
  precision: Precision,
  asked: CpuQuestion['asked'],
): Promise<Entrant> {
  const { genes, bins } = spec;
  const sizes = sizesFor(guessMemoryClass(gpu.report));
  const shape = tensorShape(tensorForm(gpu.report), sizes);
  const setup = { spec, precision, genes, cells: batch, passes: 1, rowsMost: batch * genes, shape } as const;
  const plan = forwardPlan(setup);
  const fixed = { bytesPerItem: 0, formula: 'benchmark' };
  const logitBytes = setup.rowsMost * plan.logitStride * 4;
  const buffers = {
    chunk: batch,
    buffers: [
      ...plan.buffers.planned,
      { name: FORWARD_BUFFERS.tokens, bytes: 4 * batch * genes, role: 'storage' as const, ...fixed },
      { name: 'read', bytes: logitBytes, role: 'readback' as const, ...fixed },
    ],
  };
  const allocation = await gpu.allocate(buffers);
  const forward = await ScoreForward.open(gpu, allocation, plan, weights);
  const { queue } = gpu.device;
  queue.writeBuffer(allocation.buffer(FORWARD_BUFFERS.tokens), 0, Uint32Array.from(tokensOf(spec, batch)));
  const { words, counts } = workWords(workShape(setup), listed(setup.spec, batch, asked), plan.listedShares);
  queue.writeBuffer(allocation.buffer(FORWARD_BUFFERS.work), 0, words);
  const submit = (units: ReturnType<ScoreForward['network']>, then?: (encoder: GPUCommandEncoder) => void) => {
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const unit of units) unit.encode(pass);
    pass.end();
    then?.(encoder);
    queue.submit([encoder.finish()]);
    return gpu.finished();
  };
  await submit(forward.conditions(counts));
  const logits = async () => {
    const [from, to] = [allocation.buffer(FORWARD_BUFFERS.logits), allocation.buffer('read')];
    await submit(forward.network(counts), (encoder) => encoder.copyBufferToBuffer(from, 0, to, 0, logitBytes));
    const all = new Float32Array(await readBuffer(gpu.device, to));
    return Float32Array.from(
      { length: setup.rowsMost * bins },
      (_, i) => all[Math.floor(i / bins) * plan.logitStride + (i % bins)],
    );
  };
  return {
    name: OURS,
    perStep: batch,
    bytes: planBytes(buffers),
    run: async (steps) => {
      for (let step = 0; step < steps; step++) await submit(forward.network(counts));
    },
    ...(asked === 'all' && { logits }),
    close: () => allocation.destroy(),
  };
}

/** Genes of each cell whose logits are asked for. */
function listed(spec: CellsProblem['spec'], batch: number, asked: CpuQuestion['asked']) {
  const { genes } = spec;
  const plan = planReveals(settingsOf(spec, asked === 'all' ? 1 : undefined), { seeds: seedsOf(batch) });
  const step = plan.steps >> 1;
  const rows = plan.rows.subarray(plan.offsets[step], plan.offsets[step + 1]);
  return Array.from({ length: batch }, (_, place) => ({
    place,
    genes: Array.from(rows)
      .filter((row) => Math.floor(row / genes) === place)
      .map((row) => row % genes),
  })).filter((each) => each.genes.length > 0);
}
