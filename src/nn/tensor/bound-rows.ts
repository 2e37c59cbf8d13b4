/** What the kernels over rows of cells share: their shape, and how buffers and numbers are handed to them. */
import type { Bound, Narrow } from './kernels.ts';

/** Rows of cells: what all of them go by. */
export interface RowShape {
  readonly cells: number;
  readonly genes: number;
  readonly width: number;
  readonly heads: number;
}

/** Conditions of a kernel whose values are, or are not, in the narrow storage. */
export const narrowed = ({ storage }: Narrow, packed: boolean) => ({
  packed: packed && storage !== 'f32',
  bf16: packed && storage === 'bf16',
});

/** Buffers by @binding number, those that are there. */
export const present = (buffers: readonly (Bound | undefined)[]) =>
  Object.fromEntries(buffers.flatMap((buffer, binding) => (buffer === undefined ? [] : [[binding, buffer] as const])));

/** As WGSL writes a number that is no integer. */
export const real = (value: number) => `f32(${value})`;
