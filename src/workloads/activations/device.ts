/** A decoder on a device, as a run plans and opens it. */
import type { BatchSizes } from '../../batch/sizes.ts';
import type { BufferPlan } from '../../gpu/plan.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { DecoderOptions, WeightStorage } from '../../nn/transformer/batch.ts';
import { type DecoderShape, decoderShape, planDecoder } from '../../nn/transformer/decoder.ts';
import { hostBytes } from '../../nn/transformer/host/open.ts';
import { parameterCount } from '../../nn/transformer/weights.ts';
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

/** @param shape as `shapeOfTexts` made it; another one is that of the CPU, which takes memory as it goes */
export function planTexts(options: DecoderOptions, chunk: number, shape: KernelShape, sizes: BatchSizes): BufferPlan {
  if ('decoder' in shape) return { ...planDecoder(options, (shape as TextsShape).decoder, sizes), chunk };
  const { spec, slots, context } = options;
  const parameters = parameterCount(spec);
  const bytes = (texts: number) => hostBytes({ ...options, slots: texts }, 'f32', parameters);
  const formula = `${parameters} parameters × 4 B, and slots × ${context} positions of keys and values × 4 B`;
  const perItem = bytes(slots) - bytes(slots - 1);
  return {
    chunk,
    buffers: [{ name: 'decoder', bytes: bytes(slots), bytesPerItem: perItem, role: 'storage', formula }],
  };
}
