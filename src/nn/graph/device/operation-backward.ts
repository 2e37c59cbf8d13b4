/** What every operation adds to the adjoints of what it reads. */
import type { Operation } from '../graph.ts';
import type { PassContext } from './context.ts';
import type { GraphKernel, Sink } from './kernel.ts';

/** @param from adjoint of what the operation computed @param sinks by value that it reads; those that are not there need nothing */
export function operationBackward(
  operation: Operation,
  _from: string,
  _sinks: Readonly<Record<string, Sink>>,
  _context: PassContext,
): GraphKernel[] {
  throw new RangeError(`there are no kernels of ${operation.kind}`);
}
