/** The network's logits for fixed masked cells on a device, in any precision. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { BufferPlan, PlannedBuffer } from '../../../gpu/plan.ts';
import type { Precision } from '../../../gpu/precision.ts';
import { readBuffer } from '../../../gpu/readback.ts';
import { ScoreForward } from '../../../nn/score-network/forward.ts';
import { type ForwardPlan, forwardPlan } from '../../../nn/score-network/forward-plan.ts';
import { FORWARD_BUFFERS, labelOffset, workShape } from '../../../nn/score-network/forward-setup.ts';
import { timeFeatures } from '../../../nn/score-network/spec.ts';
import { tensorForm, tensorShape } from '../../../nn/tensor/shape.ts';
import { workWords } from '../../../nn/tensor/work.ts';
import type { NetworkModel } from '../model.ts';
import { scheduleOf } from '../sampling/schedule.ts';
import type { MaskedCells } from './masked-cells.ts';

const READ = 'probe.read';

/** Logits of all masked genes in order, [rows][bins]. Throws the typed errors of `GpuContext`; frees all memory however it ends. */
export async function probeLogits(
  gpu: GpuContext,
  { spec, weights, bins }: NetworkModel,
  masked: MaskedCells,
  precision: Precision,
  sizes: BatchSizes,
): Promise<Float32Array<ArrayBuffer>> {
  const { cells } = masked;
  const rows = masked.words.length;
  const shape = tensorShape(tensorForm(gpu.report), sizes);
  const plan = forwardPlan({ spec, precision, genes: spec.genes, cells, passes: 1, rowsMost: rows, shape });
  return gpu.allocateFor(probePlan(plan, cells, rows), async (allocation) => {
    try {
      const { queue } = gpu.device;
      const write = (name: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>, offset = 0) =>
        queue.writeBuffer(allocation.buffer(name), offset, data);
      const forward = await ScoreForward.open(gpu, allocation, plan, weights);
      write(FORWARD_BUFFERS.tokens, Uint32Array.from(masked.tokens));
      const labels = [
        ...(spec.perturbations > 0 ? [masked.perturbation] : []),
        ...(spec.cellTypes > 0 ? [masked.cellType] : []),
      ];
      for (const [i, codes] of labels.entries()) write(FORWARD_BUFFERS.labels, codes, labelOffset(cells, i));
      if (spec.timeFeatures > 0) {
        const { sigma } = scheduleOf('loglinear');
        const features = Array.from(masked.time).flatMap((time) => [...timeFeatures(spec, sigma(time))]);
        write(FORWARD_BUFFERS.time, Float32Array.from(features));
      }
      const active = masked.masked.map((genes, place) => ({ place, genes }));
      const { words, counts } = workWords(workShape(plan.setup), active, plan.listedShares);
      write(FORWARD_BUFFERS.work, words);
      for (const unit of [...forward.conditions(counts), ...forward.network(counts)]) {
        const encoder = gpu.device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        unit.encode(pass);
        pass.end();
        queue.submit([encoder.finish()]);
      }
      const encoder = gpu.device.createCommandEncoder();
      const read = allocation.buffer(READ);
      encoder.copyBufferToBuffer(allocation.buffer(FORWARD_BUFFERS.logits), 0, read, 0, read.size);
      queue.submit([encoder.finish()]);
      await gpu.finished();
      const all = new Float32Array(await readBuffer(gpu.device, read));
      gpu.throwFault();
      // The origin's network has a logit for the mask, too, which is never drawn.
      return Float32Array.from({ length: rows * bins.count }, (_, i) => {
        return all[Math.floor(i / bins.count) * plan.logitStride + (i % bins.count)];
      });
    } finally {
      allocation.destroy();
    }
  });
}

function probePlan({ buffers, setup, logitStride }: ForwardPlan, cells: number, rows: number): BufferPlan {
  const { genes } = setup;
  const own = (name: string, words: number, role: PlannedBuffer['role'], formula: string): PlannedBuffer => ({
    name,
    bytes: 4 * words,
    role,
    bytesPerItem: 0,
    formula,
  });
  return {
    chunk: cells,
    buffers: [
      ...buffers.planned,
      own(FORWARD_BUFFERS.tokens, cells * genes, 'storage', `${cells} cells × ${genes} genes × 4 B`),
      own(READ, rows * logitStride, 'readback', `${rows} rows × ${logitStride} × 4 B`),
    ],
  };
}
