/**
 * A decoder on a GPU: which form suits model and adapter, what memory it takes, and how it is opened. Two forms, one contract:
 * `layered` (any size: a few dispatches a block over a list of positions) and `fused` (small models: whole generations in one dispatch).
 */
import type { BatchSizes } from '../../batch/sizes.ts';
import type { GpuContext } from '../../gpu/context.ts';
import type { BufferPlan } from '../../gpu/plan.ts';
import { type AdapterReport, usableIterations } from '../../gpu/report.ts';
import type { DecoderBatch, DecoderOptions, OpenOptions } from './batch.ts';
import { fusedObjection, planFused } from './fused/plan.ts';
import { type FusedShape, fusedShape } from './fused/shape.ts';
import { withinRange } from './half-range.ts';
import { planLayered } from './layered/plan.ts';
import { type LayeredShape, layeredShape } from './layered/shape.ts';
import type { WeightSource } from './weights.ts';

/** Opaque but for `form` and `record`: what bits hang on, which is hashed into the result. */
export type DecoderShape = LayeredShape | FusedShape;
export type DecoderForm = DecoderShape['form'];

/** What of the options decides on a form. */
export type ShapeOptions = Pick<DecoderOptions, 'spec' | 'storage' | 'capture' | 'ends'>;

/** Above these a text's workgroup reads weights that no cache near it holds; on software adapters 16 texts are fused in half the time up to there. */
const FUSED_WIDTH = { gpu: 128, software: 256 };
const FUSED_VOCABULARY = 4096;

/** @param form forces one; otherwise small models are fused where the adapter can */
export function decoderShape(
  report: AdapterReport,
  options: ShapeOptions,
  sizes: BatchSizes,
  form?: DecoderForm,
): DecoderShape {
  const { width, vocabulary } = options.spec;
  const fused = fusedShape(report, sizes);
  const small = width <= FUSED_WIDTH[report.software ? 'software' : 'gpu'] && vocabulary <= FUSED_VOCABULARY;
  if (form === 'fused' || (form === undefined && small && !fusedObjection(options, fused, report.limits))) return fused;
  return layeredShape(report, usableIterations(report), sizes);
}

/** Every buffer with its exact bytes; of the spec alone, no weights. @throws RangeError for options that the form does not take */
export function planDecoder(options: DecoderOptions, shape: DecoderShape, sizes: BatchSizes): BufferPlan {
  return shape.form === 'fused' ? planFused(options, shape, sizes) : planLayered(options, shape, sizes);
}

/**
 * Takes what is planned, compiles, and uploads the weights piece by piece.
 * @throws RangeError, FileError of the weights, and what `GpuContext.allocate` and `kernel` throw
 */
export async function openDecoder(
  gpu: GpuContext,
  source: WeightSource,
  options: DecoderOptions,
  shape: DecoderShape,
  sizes: BatchSizes,
  open: OpenOptions = {},
): Promise<DecoderBatch> {
  const checked = withinRange(source, options.storage);
  if (shape.form === 'fused') {
    const { openFused } = await import('./fused/open.ts');
    return openFused(gpu, checked, options, shape, sizes, open);
  }
  const { openLayered } = await import('./layered/open.ts');
  return openLayered(gpu, checked, options, shape, sizes, open);
}
