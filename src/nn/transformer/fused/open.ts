/** Opens a fused decoder: takes what is planned, compiles, lays the weights down. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import { bindKernel } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { DecoderBatch, DecoderOptions } from '../batch.ts';
import { samplingWords } from '../sampling/sampling.ts';
import type { WeightSource } from '../weights.ts';
import { FusedBatch } from './batch.ts';
import { FUSED, fusedBinding, fusedObjection, planFused, SETTINGS_WORDS } from './plan.ts';
import type { FusedShape } from './shape.ts';
import { fusedWeights } from './weights.ts';

/** @throws RangeError for a decoder that this form does not take, FileError of the weights, and what `GpuContext.allocate` and `kernel` throw */
export async function openFused(
  gpu: GpuContext,
  source: WeightSource,
  options: DecoderOptions,
  shape: FusedShape,
  sizes: BatchSizes,
  { progress, signal }: { progress?(bytesDone: number, bytesTotal: number): void; readonly signal?: AbortSignal } = {},
): Promise<DecoderBatch> {
  const objection = fusedObjection(options, shape, gpu.report.limits);
  if (objection) throw new RangeError(`This decoder does not run as one dispatch: ${objection}.`);
  const words = settingsWords(options);
  return gpu.allocateFor(planFused(options, shape, sizes), async (allocation) => {
    const [kernel, { matrices, vectors }] = await Promise.all([
      bindKernel(gpu, allocation, fusedBinding(options, shape)),
      fusedWeights(source, options, shape, sizes['activations.uploadBytes'], signal),
    ]);
    const { queue } = gpu.device;
    queue.writeBuffer(allocation.buffer(FUSED.matrices), 0, matrices);
    queue.writeBuffer(allocation.buffer(FUSED.vectors), 0, vectors);
    queue.writeBuffer(allocation.buffer(FUSED.settings), 0, words);
    const bytes = matrices.byteLength + vectors.byteLength;
    progress?.(bytes, bytes);
    return new FusedBatch(gpu, allocation, kernel, options, shape, sizes);
  });
}

/** `Settings` in WGSL; positions are written before every submit. */
export function settingsWords({ sampling, ends }: Pick<DecoderOptions, 'sampling' | 'ends'>): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(SETTINGS_WORDS);
  words.set(samplingWords(sampling));
  words[5] = ends.length;
  words.set(ends, 8);
  return words;
}
