/** What predicts on a device: a network, a mixture, a table. All write the same `logits`, so they are exchangeable. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { Allocation } from '../../../gpu/allocation.ts';
import type { BoundKernel, KernelBinding } from '../../../gpu/bound-kernel.ts';
import type { PlannedBuffer } from '../../../gpu/plan.ts';
import type { Piece } from './pieces.ts';
import type { SamplerSettings } from './settings.ts';

/** What a predictor is planned for. */
export interface PredictorPlace {
  readonly settings: SamplerSettings;
  /** Most cells at once; a piece never has more. */
  readonly chunk: number;
  /** Most rows of a piece. */
  readonly rowsAtOnce: number;
  readonly sizes: BatchSizes;
}

/** Encodes a stretch of work that is short enough for a submit of its own: a few dispatches, in order, and nothing else. */
export type PacedUnit = (pass: GPUComputePassEncoder) => void;

/**
 * The sampler's buffers that predictors bind (see kernels.ts): `piece`, `rows`, `places`, `active`, `tokens`, `labels` to read, `logits` and,
 * under guidance, `logits.without` to write, [row of the piece][logitStride(bins)] f32. Numbers that change from piece to piece come from
 * `piece` on the device: many pieces are encoded into one submit, so nothing may be written from the host between them.
 */
export interface DevicePredictor {
  readonly genes: number;
  readonly bins: number;
  /** Buffers beyond the sampler's, with exact bytes; names begin with the predictor's. */
  buffers(place: PredictorPlace): readonly PlannedBuffer[];
  /** Its kernels by name, also those of the pass without labels where settings are guided. */
  kernels(place: PredictorPlace): Readonly<Record<string, KernelBinding>>;
  /** Writes weights or tables, once. */
  upload(device: GPUDevice, allocation: Allocation, place: PredictorPlace): void;
  /**
   * The work of a piece in order: logits of its rows from the tokens as they are. The first unit follows `next_piece`, the last comes before
   * the draw.
   * @param without the pass without labels, which writes `logits.without`
   */
  units(
    piece: Piece,
    without: boolean,
    kernels: Readonly<Record<string, BoundKernel>>,
    place: PredictorPlace,
    device: GPUDevice,
  ): readonly PacedUnit[];
}
