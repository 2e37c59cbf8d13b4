/** Where texts run that belong to no run of the engine: the device, or the CPU where there is none. */
import { guessMemoryClass } from '../../../batch/memory-class.ts';
import { type BatchSizes, type SizeOverrides, sizesFor } from '../../../batch/sizes.ts';
import type { GpuContext } from '../../../gpu/context.ts';
import { planBytes } from '../../../gpu/plan.ts';
import type { DecoderBatch, DecoderOptions } from '../../../nn/transformer/batch.ts';
import { decoderShape, openDecoder, planDecoder } from '../../../nn/transformer/decoder.ts';
import { hostBytes, openHostDecoder } from '../../../nn/transformer/host/open.ts';
import type { LoadedModel } from '../../language-models/model.ts';

export interface DecoderPlace {
  /** The device, or what computes in its place. */
  readonly on: string;
  /** Its times are no GPU's. */
  readonly software: boolean;
  readonly sizes: BatchSizes;
  /** Exact bytes of all buffers; on the CPU of weights, keys and values. */
  bytes(options: DecoderOptions): number;
  open(options: DecoderOptions, signal?: AbortSignal): Promise<DecoderBatch>;
}

export function decoderPlace(
  { source, parameters }: LoadedModel,
  gpu: GpuContext | null,
  own: SizeOverrides,
): DecoderPlace {
  const sizes = sizesFor(guessMemoryClass(gpu?.report ?? null), own);
  if (!gpu)
    return {
      on: 'CPU, f32 in TypeScript',
      software: true,
      sizes,
      bytes: (options) => hostBytes(options, 'f32', parameters),
      open: (options, signal) => openHostDecoder(source, options, 'f32', { signal }),
    };
  const { report } = gpu;
  return {
    on: report.name,
    software: report.software,
    sizes,
    bytes: (options) => planBytes(planDecoder(options, decoderShape(report, options, sizes), sizes)),
    open: (options, signal) =>
      openDecoder(gpu, source, options, decoderShape(report, options, sizes), sizes, { signal }),
  };
}
