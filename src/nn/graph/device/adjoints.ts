/**
 * The way back through a graph: which operation adds what to which adjoint, in a fixed order. A sum's adjoint is that of both its terms: where
 * it is all that a value gets so far, the value has no buffer of its own, but refers to that of another (its owner).
 *
 * Pure; adjoints and their derivatives along a direction (R-backward) go the same way, in buffers of their own.
 */
import type { Attention, Graph, Operation } from '../graph.ts';
import { producerOf, readsOf } from './operations.ts';

/** Names of values, whose own adjoint buffers are meant. */
export interface Part {
  readonly into: string;
  /** What it is added to; `into` itself: in place. None: nothing is there yet. */
  readonly base?: string;
  /** `into` holds nothing and the operation leaves columns of it out: 0 first. */
  readonly clear?: boolean;
}

export interface AdjointStep {
  readonly operation: Operation;
  /** Whose buffer holds the adjoint of what the operation computed. */
  readonly of: string;
  /** By value that the operation reads. A value that is not there takes the adjoint over as it is. */
  readonly parts: Readonly<Record<string, Part>>;
}

export interface AdjointWalk {
  readonly steps: readonly AdjointStep[];
  /** Whose buffer holds a value's adjoint in the end; none: it is 0. */
  readonly owners: ReadonlyMap<string, string>;
}

/** Both terms of a sum have its adjoint. */
const passesOn = ({ kind }: Operation) => kind === 'add' || kind === 'positions';

/** @param from value whose adjoint is given @param until the last whose adjoint is asked for; none: the beginning */
export function adjointWalk(graph: Graph, from: string, until?: string): AdjointWalk {
  const owners = new Map([[from, from]]);
  const steps: AdjointStep[] = [];
  const last = until === undefined ? 0 : producerOf(graph, until) + 1;
  for (let index = producerOf(graph, from); index >= last; index--) {
    const operation = graph.operations[index];
    const of = owners.get(operation.out);
    if (of === undefined) continue;
    const parts: Record<string, Part> = {};
    for (const value of operandsOf(operation)) {
      const there = owners.get(value);
      if (passesOn(operation) && there === undefined) owners.set(value, of);
      else {
        parts[value] = part(graph, operation, value, there);
        owners.set(value, value);
      }
    }
    steps.push({ operation, of, parts });
  }
  return { steps, owners };
}

/** As `readsOf`; a value that a sum has twice is there twice. */
function operandsOf(operation: Operation): readonly string[] {
  return operation.kind === 'add' ? [operation.a, operation.b] : readsOf(operation);
}

function part(graph: Graph, operation: Operation, value: string, base: string | undefined): Part {
  if (base !== undefined) return { into: value, base };
  if (operation.kind !== 'attention' || covers(graph, operation, value)) return { into: value };
  return { into: value, base: value, clear: true };
}

/** Whether the slices of a value fill it without overlap. */
function covers({ widths }: Graph, operation: Attention, value: string): boolean {
  const { q, k, v, heads, kvHeads, head } = operation;
  const slices = [
    { ...q, width: heads * head },
    { ...k, width: kvHeads * head },
    { ...v, width: kvHeads * head },
  ];
  const own = slices.filter((slice) => slice.value === value).sort((a, b) => a.from - b.from);
  let at = 0;
  for (const { from, width } of own) {
    if (from !== at) return false;
    at += width;
  }
  return at === widths[value];
}
