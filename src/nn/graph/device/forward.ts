/** Kernels of every operation. */
import type { Operation } from '../graph.ts';
import type { PassContext } from './context.ts';
import type { GraphKernel } from './kernel.ts';

export function forwardKernels(operation: Operation, _context: PassContext): GraphKernel[] {
  throw new RangeError(`there are no kernels of ${operation.kind}`);
}
