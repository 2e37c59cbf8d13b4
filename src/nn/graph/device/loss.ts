/** Losses of rows in flight. */
import type { GraphKernel } from './kernel.ts';
import type { Layout } from './layout.ts';

/** Leaves `losses` and, of a cross-entropy, `logSums`. */
export function lossKernels(_layout: Layout): GraphKernel[] {
  throw new RangeError('there are no kernels of a loss');
}
