/** Sessions of texts: on a device, in f32 on the CPU, in f64. */
import { type BatchSizes, defaultSizes } from '../../batch/sizes.ts';
import type { GpuContext } from '../../gpu/context.ts';
import type { BufferPlan } from '../../gpu/plan.ts';
import type { DecoderBatch } from '../../nn/transformer/batch.ts';
import { openDecoder } from '../../nn/transformer/decoder.ts';
import { decoderShaders } from '../../nn/transformer/decoder-shaders.ts';
import { openHostDecoder } from '../../nn/transformer/host/open.ts';
import type { DatasetItem } from '../../results/dataset/item.ts';
import type { CpuPath, KernelShape } from '../workload.ts';
import { decoderOptions } from './configured.ts';
import type { TextsShape } from './device.ts';
import type { ActivationsProblem } from './problem.ts';
import { TextsSession } from './session.ts';

/** Compiles the kernels and takes the plan's memory. Throws the typed errors of `GpuContext`, and FileError of the weights. */
export async function openOnDevice(
  gpu: GpuContext,
  problem: ActivationsProblem,
  plan: BufferPlan,
  shape: KernelShape,
  sizes: BatchSizes = defaultSizes,
): Promise<TextsSession> {
  const { decoder, storage } = shape as TextsShape;
  const options = decoderOptions(problem.settings, storage, plan.chunk, sizes);
  return sessionOf(problem, await openDecoder(gpu, problem.settings.model.source, options, decoder, sizes));
}

/** With the vectors to steer by, if any. */
async function sessionOf(problem: ActivationsProblem, batch: DecoderBatch): Promise<TextsSession> {
  const { settings, vectors } = problem;
  const { layers, width } = settings.model.source.spec;
  if (batch.options.steering && vectors) {
    const rows = new Float32Array(layers * width);
    for (const [block, vector] of vectors.byBlock) rows.set(vector, (block - 1) * width);
    await batch.steer(rows);
  }
  return new TextsSession(problem, batch);
}

/** Whatever a device would store weights in, the CPU has them in f32. */
async function onHost(
  problem: ActivationsProblem,
  chunk: number,
  arithmetic: 'f64' | 'f32',
  sizes: BatchSizes = defaultSizes,
): Promise<TextsSession> {
  const options = decoderOptions(problem.settings, 'f32', chunk, sizes);
  return sessionOf(problem, await openHostDecoder(problem.settings.model.source, options, arithmetic));
}

export function openTwin(problem: ActivationsProblem, chunk: number): Promise<TextsSession> {
  return onHost(problem, chunk, 'f64');
}

export function activationsCpuPath(): CpuPath<ActivationsProblem, DatasetItem> {
  return {
    arithmetic: { name: 'decoder of this program', precision: 'f32' },
    open: (problem, chunk, sizes) => onHost(problem, chunk, 'f32', sizes),
  };
}

export async function activationsShaders(
  problem: ActivationsProblem,
  shape: KernelShape,
  sizes: BatchSizes = defaultSizes,
): Promise<Readonly<Record<string, string>>> {
  const { decoder, storage } = shape as TextsShape;
  // No text hangs on how many go side by side.
  return decoderShaders(decoderOptions(problem.settings, storage, 1, sizes), decoder, sizes);
}
