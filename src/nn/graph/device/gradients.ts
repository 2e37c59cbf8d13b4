/** Gradients by parameters: which operations bring a tensor's, and the tables that are read twice. */
import type { Graph } from '../graph.ts';

/** A table of embeddings that the unembedding reads, too: both parts of a row's gradient are summed before they are squared. */
export interface TiedTable {
  readonly table: string;
  /** Indices of the operations. */
  readonly embed: number;
  readonly linear: number;
}

/** @throws RangeError for a tensor that is read twice in another way */
export function tiedTables(graph: Graph): readonly TiedTable[] {
  const uses = new Map<string, number[]>();
  graph.operations.forEach((operation, index) => {
    const names: (string | undefined)[] =
      operation.kind === 'embed' || operation.kind === 'positions'
        ? [operation.table]
        : operation.kind === 'norm' || operation.kind === 'linear'
          ? [operation.weight, operation.bias]
          : [];
    for (const name of names) if (name !== undefined) uses.set(name, [...(uses.get(name) ?? []), index]);
  });
  return [...uses].flatMap(([table, indices]) => {
    if (indices.length === 1) return [];
    const [embed, linear] = indices;
    const [first, second] = [graph.operations[embed], graph.operations[linear]];
    if (indices.length > 2 || first.kind !== 'embed' || second.kind !== 'linear' || second.layout !== 'out-in')
      throw new RangeError(`${table} is read by ${indices.length} operations, and only a tied unembedding may be`);
    return [{ table, embed, linear }];
  });
}
