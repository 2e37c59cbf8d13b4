/** Opens the layered decoder: takes its buffers, compiles its kernels, uploads its weights. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import { bindKernel } from '../../../gpu/bound-kernel.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import type { DecoderBatch, DecoderOptions, OpenOptions } from '../batch.ts';
import { rotaryTurns } from '../rotary.ts';
import { samplingWords } from '../sampling/sampling.ts';
import type { WeightSource } from '../weights.ts';
import { LayeredBatch } from './batch.ts';
import { StepKernels } from './kernels.ts';
import { layeredPlan } from './plan.ts';
import { layeredSetup } from './setup.ts';
import type { LayeredShape } from './shape.ts';
import { WeightUpload } from './upload.ts';

/** @throws RangeError, FileError of the weights, and what `GpuContext.allocate` and `kernel` throw */
export function openLayered(
  gpu: GpuContext,
  source: WeightSource,
  options: DecoderOptions,
  shape: LayeredShape,
  sizes: BatchSizes,
  open: OpenOptions = {},
): Promise<DecoderBatch> {
  const setup = layeredSetup(options, shape, sizes);
  const { spec, context, ends } = options;
  const settings = samplingWords(options.sampling);
  return gpu.allocateFor(layeredPlan(setup, sizes), async (allocation) => {
    const { queue } = gpu.device;
    const kernels = new StepKernels(setup);
    const steps = await Promise.all(
      kernels.all(sizes).map(async (step) => ({ step, kernel: await bindKernel(gpu, allocation, step) })),
    );
    queue.writeBuffer(allocation.buffer('sampling'), 0, settings);
    queue.writeBuffer(allocation.buffer('ends'), 0, Uint32Array.of(ends.length, ...ends));
    if (spec.rotary) queue.writeBuffer(allocation.buffer('turns'), 0, rotaryTurns(spec, context));
    const upload = await WeightUpload.open(gpu, allocation, setup, kernels.stored);
    await upload.all(source, open);
    return new LayeredBatch(gpu, allocation, setup, steps, sizes['gpu.submitsInFlight']);
  });
}
