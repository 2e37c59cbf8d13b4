/** Adjoints share buffers: one is free again as soon as the way back has passed the operation that computed its value. */
import type { Graph } from '../graph.ts';
import { tiedTables } from './gradients.ts';
import { consumersOf, producerOf } from './operations.ts';

export interface AdjointSlots {
  /** Slot of a value's own adjoint buffer. */
  readonly of: Readonly<Record<string, number>>;
  /** Numbers a position of every slot. */
  readonly strides: readonly number[];
}

/**
 * Whatever seed a pass begins with, and wherever it ends, no two adjoints of one slot are needed at a time.
 * @param kept values whose adjoint is read in the end @param gradients gradients by parameters are asked for
 */
export function adjointSlots(
  graph: Graph,
  stride: (value: string) => number,
  kept: readonly string[],
  gradients: boolean,
): AdjointSlots {
  const values = Object.keys(graph.widths);
  const ends = lastUses(graph, kept, gradients);
  const begins = new Map(values.map((value) => [value, Math.max(...consumersOf(graph, value), -1)]));
  // What nothing reads is a seed: it is there from the beginning.
  const order = values
    .map((value) => ({ value, begin: begins.get(value) === -1 ? graph.operations.length : begins.get(value)! }))
    .sort((a, b) => b.begin - a.begin);
  const strides: number[] = [];
  const busy: number[] = [];
  const of: Record<string, number> = {};
  for (const { value, begin } of order) {
    const wanted = stride(value);
    // Of the free ones the one that fits best.
    const free = busy.flatMap((end, slot) => (end > begin ? [slot] : []));
    free.sort((a, b) => Math.abs(strides[a] - wanted) - Math.abs(strides[b] - wanted));
    const slot = free[0] ?? strides.length;
    strides[slot] = Math.max(strides[slot] ?? 0, wanted);
    busy[slot] = ends.get(value)!;
    of[value] = slot;
  }
  return { of, strides };
}

/** Index of the operation at which each value's adjoint is read last on the way back; −1: in the end. */
function lastUses(graph: Graph, kept: readonly string[], gradients: boolean): ReadonlyMap<string, number> {
  const ends = new Map(
    Object.keys(graph.widths).map((value) => [value, kept.includes(value) ? -1 : producerOf(graph, value)]),
  );
  if (gradients)
    for (const { linear, embed } of tiedTables(graph)) {
      const { out } = graph.operations[linear];
      ends.set(out, Math.min(ends.get(out)!, embed));
    }
  // From the first operation to the last: a sum's terms may refer to its adjoint.
  for (const operation of graph.operations) {
    const terms =
      operation.kind === 'add' ? [operation.a, operation.b] : operation.kind === 'positions' ? [operation.x] : [];
    for (const term of terms) ends.set(operation.out, Math.min(ends.get(operation.out)!, ends.get(term)!));
  }
  return ends;
}
