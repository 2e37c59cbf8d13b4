/** What operations read and compute, and which operation computes a value. */
import type { Graph, Operation } from '../graph.ts';

/** Values that an operation reads, each once. */
export function readsOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'embed':
      return [];
    case 'attention':
      return [...new Set([operation.q.value, operation.k.value, operation.v.value])];
    case 'multiply':
    case 'add':
      return [...new Set([operation.a, operation.b])];
    default:
      return [operation.x];
  }
}

/** Index of the operation that computes a value; −1 of what rows bring. */
export function producerOf({ operations }: Graph, value: string): number {
  return operations.findIndex(({ out }) => out === value);
}

/** Indices of the operations that read a value. */
export function consumersOf({ operations }: Graph, value: string): readonly number[] {
  return operations.flatMap((operation, index) => (readsOf(operation).includes(value) ? [index] : []));
}
