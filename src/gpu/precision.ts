/** Number formats in which kernels store and compute, and what each asks of the device. */
import type { AdapterReport } from './report.ts';

/**
 * `f16-storage`, `bf16-storage`, `int8-storage`: halves, bfloats, or bytes with a scale a row in memory, arithmetic in f32. `f16`: products of halves too. What must stay in f32 does in all
 * of them. An experiment names those that it offers.
 */
export const PRECISIONS = ['f32', 'f16-storage', 'f16', 'bf16-storage', 'int8-storage'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** Features of WebGPU without which a precision cannot be had; storage of fewer bits is a matter of shifts and needs none. */
const FEATURES: Readonly<Partial<Record<Precision, GPUFeatureName>>> = { f16: 'shader-f16' };

/** The feature that a precision asks for and the adapter does not have; undefined where it can be had. */
export function lackingFeature(
  precision: Precision,
  { features }: Pick<AdapterReport, 'features'>,
): GPUFeatureName | undefined {
  const needed = FEATURES[precision];
  return needed === undefined || features.includes(needed) ? undefined : needed;
}
