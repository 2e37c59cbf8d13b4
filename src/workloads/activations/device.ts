/** A decoder on a device, as a run plans and opens it. */
import type { BatchSizes } from '../../batch/sizes.ts';
import type { BufferPlan } from '../../gpu/plan.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { DecoderOptions, WeightStorage } from '../../nn/transformer/batch.ts';
import { type DecoderShape, decoderShape, planDecoder } from '../../nn/transformer/decoder.ts';
import type { KernelShape } from '../workload.ts';

/** With what the decoder makes of adapter and model. */
export interface TextsShape extends KernelShape {
  readonly decoder: DecoderShape;
  readonly storage: WeightStorage;
}

export function shapeOfTexts(report: AdapterReport, options: DecoderOptions, sizes: BatchSizes): TextsShape {
  const decoder = decoderShape(report, options, sizes);
  const { record } = decoder;
  return { workgroupsPerItem: 1, record, decoder, storage: options.storage };
}

/** @param shape as `shapeOfTexts` made it */
export function planTexts(options: DecoderOptions, chunk: number, shape: KernelShape, sizes: BatchSizes): BufferPlan {
  const { decoder } = shape as TextsShape;
  return { ...planDecoder(options, decoder, sizes), chunk };
}
